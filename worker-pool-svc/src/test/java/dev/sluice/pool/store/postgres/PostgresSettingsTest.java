package dev.sluice.pool.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresSettingsTest {
  private static final String ALLOWED =
      "must be postgresql://user[:password]@host[:port][,host[:port]]/database[?sslmode=...]";

  @Test
  void readsAllOfIt() {
    var settings =
        PostgresSettings.parse(
            "postgresql://sl%40uice:p%3Aa+b@db-1:5433,db-2/jobs%20now?sslmode=verify-full&lanes=8");
    assertEquals(
        new PostgresSettings(
            List.of("db-1:5433", "db-2:5432"),
            "jobs now",
            "sl@uice",
            "p:a+b",
            Map.of("sslmode", "verify-full"),
            8),
        settings);
    assertEquals("jdbc:postgresql://db-1:5433,db-2:5432/jobs+now", settings.url());
    assertEquals("primary", settings.properties().getProperty("targetServerType"));
    assertEquals("postgresql://db-1:5433,db-2:5432/jobs now", settings.toString());
  }

  @Test
  void whatIsNotSaidIsAsUsual() {
    assertEquals(
        new PostgresSettings(List.of("[::1]:5432"), "jobs", "sluice", null, Map.of(), 4),
        PostgresSettings.parse("postgresql://sluice@[::1]/jobs"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgres://a@b/c | is postgres://a@b/c, " + ALLOWED,
        "postgresql://b/c | is postgresql://b/c, " + ALLOWED,
        "postgresql://a:secret@b | is postgresql://a:***@b, " + ALLOWED,
        "postgresql://a:sec/ret@b/c | is postgresql://a:***@b/c, " + ALLOWED,
        "postgresql://a:secret@b:0/c | is postgresql://a:***@b:0/c: port is 0, must be 1 to 65535",
        "postgresql://a@b;c/d | is postgresql://a@b;c/d: \"b;c\" is no host[:port]",
        "postgresql://a@b/c?lanes=0 | is postgresql://a@b/c?lanes=0: lanes is 0, must be 1 to 64",
        "postgresql://a@b/c?lanes=9x | is postgresql://a@b/c?lanes=9x: lanes is 9x, must be 1 to 64",
        "postgresql://a@b/c?sslmode=on | is postgresql://a@b/c?sslmode=on: sslmode is on, must be one"
            + " of disable, allow, prefer, require, verify-ca, verify-full",
        "postgresql://a@b/c?x=y | is postgresql://a@b/c?x=y: \"x\" is no option, or has no value;"
            + " there are sslmode, sslrootcert, sslcert, sslkey, sslpassword and lanes",
        "postgresql://a:%zz@b/c | is postgresql://a:***@b/c: a % is not followed by two hexadecimal"
            + " digits"
      })
  void saysWhatIsWrongAndKeepsThePassword(String text, String message) {
    var thrown = assertThrows(IllegalArgumentException.class, () -> PostgresSettings.parse(text));
    assertEquals(message, thrown.getMessage());
    assertFalse(thrown.getMessage().contains("secret"));
  }

  @Test
  void aServerThatIsNotThereIsToldInOneLine() {
    var thrown =
        assertThrows(
            PostgresException.class,
            () -> PostgresSchema.migrate(PostgresSettings.parse("postgresql://a:b@127.0.0.1:1/c")));
    assertEquals(
        "postgresql://127.0.0.1:1/c Connection to 127.0.0.1:1 refused. Check that the hostname and"
            + " port are correct and that the postmaster is accepting TCP/IP connections.",
        thrown.getMessage());
  }
}
