package dev.sluice.mesh.store.postgres;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where PostgreSQL is, as it is written in the configuration: {@code
 * postgresql://user[:password]@host[:port][,host[:port]...]/database}, and how it is used. What is
 * special in user, password and database is percent-encoded. Of several hosts that one is used
 * which takes writes.
 *
 * <p>After a question mark there may be {@code sslmode}, {@code sslrootcert}, {@code sslcert},
 * {@code sslkey} and {@code sslpassword}, as the driver has them.
 *
 * @param hosts {@code host:port}, one or more
 * @param database its name
 * @param user who connects; it owns the schema {@code sluice_mesh}
 * @param password null for none
 * @param tls settings of the driver, by name
 * @see <a href="https://jdbc.postgresql.org/documentation/ssl/">pgJDBC: using SSL</a>
 */
public record PostgresSettings(
    List<String> hosts,
    String database,
    String user,
    @Nullable String password,
    Map<String, String> tls) {
  /** What an address begins with. */
  public static final String SCHEME = "postgresql://";

  /** How long an answer may take before the connection counts as lost. */
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** How long it may take to make a connection. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private static final String ALLOWED =
      "must be postgresql://user[:password]@host[:port][,host[:port]]/database[?sslmode=...]";
  private static final Pattern SECRET = Pattern.compile("//([^:@/]*):.*@");
  private static final Pattern PARTS =
      Pattern.compile("postgresql://([^:@/?]+)(?::([^@/]*))?@([^@/?]+)/([^/?]+)(?:\\?([^?]*))?");
  private static final Pattern HOST =
      Pattern.compile("([\\w.-]+|\\[[\\p{XDigit}:.]+])(?::(\\d{1,5}))?");
  private static final Pattern OPTION =
      Pattern.compile("(sslmode|sslrootcert|sslcert|sslkey|sslpassword)=([^=]+)");
  private static final List<String> SSL_MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  /** Copies what can be changed. */
  public PostgresSettings {
    hosts = List.copyOf(hosts);
    tls = Map.copyOf(tls);
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException it is none; in one line, which says what is allowed and keeps
   *     the password
   */
  public static PostgresSettings parse(String text) {
    String shown = SECRET.matcher(text).replaceFirst("//$1:***@");
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("is " + shown + ", " + ALLOWED);
    }
    try {
      Map<String, String> options = options(parts.group(5));
      return new PostgresSettings(
          List.of(parts.group(3).split(",", -1)).stream().map(PostgresSettings::host).toList(),
          decode(parts.group(4)),
          decode(parts.group(1)),
          parts.group(2) == null ? null : decode(parts.group(2)),
          options);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("is " + shown + ": " + wrong.getMessage());
    }
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return SCHEME + String.join(",", hosts) + "/" + database;
  }

  /** As the driver wants to have it. */
  String url() {
    return "jdbc:"
        + SCHEME
        + String.join(",", hosts)
        + "/"
        + URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  /** What the driver is told besides. */
  Properties properties() {
    var all = new Properties();
    all.putAll(tls);
    all.setProperty("user", user);
    if (password != null) {
      all.setProperty("password", password);
    }
    all.setProperty("ApplicationName", "sluice-mesh");
    all.setProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
    all.setProperty("loginTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
    all.setProperty("socketTimeout", Long.toString(TIMEOUT.toSeconds()));
    all.setProperty("tcpKeepAlive", "true");
    all.setProperty("targetServerType", hosts.size() == 1 ? "any" : "primary");
    return all;
  }

  private static String host(String text) {
    Matcher host = HOST.matcher(text);
    if (!host.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is no host[:port]");
    }
    int port = host.group(2) == null ? 5432 : Integer.parseInt(host.group(2));
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port is " + port + ", must be 1 to 65535");
    }
    return host.group(1) + ":" + port;
  }

  private static Map<String, String> options(@Nullable String text) {
    var all = new TreeMap<String, String>();
    if (text != null) {
      for (String each : text.split("&", -1)) {
        Matcher option = OPTION.matcher(each);
        if (!option.matches()) {
          throw new IllegalArgumentException(
              "\""
                  + each.replaceFirst("=.*", "")
                  + "\" is no option, or has no value;"
                  + " there are sslmode, sslrootcert, sslcert, sslkey and sslpassword");
        }
        all.put(option.group(1), decode(option.group(2)));
      }
    }
    String mode = all.get("sslmode");
    if (mode != null && !SSL_MODES.contains(mode)) {
      throw new IllegalArgumentException(
          "sslmode is " + mode + ", must be one of " + String.join(", ", SSL_MODES));
    }
    return all;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException wrong) { // whose message shows a part of it
      throw new IllegalArgumentException("a % is not followed by two hexadecimal digits");
    }
  }
}
