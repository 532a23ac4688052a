package dev.sluice.idempotency;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"8e03978e-40d5\"|8e03978e-40d5",
        "` \"k\"  `|k",
        "\"a b,c;d\"|a b,c;d",
        "\"a\\\"b\\\\c\"|a\"b\\c",
        "8e03978e-40d5|8e03978e-40d5",
        "a/b:c=d~e|a/b:c=d~e",
      })
  void readsAStringOrTheSameWithoutQuotes(String line, String key) {
    assertEquals(Optional.of(new IdempotencyKey(key)), IdempotencyKey.of(List.of(line)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\"\"",
        "\" \"",
        "\"a",
        "a\"",
        "\"a\\b\"",
        "\"a\"b",
        "a b",
        "a,b",
        "a;b",
        "\"a\", \"b\"",
        "\"a\";x=1",
        "\"é\"",
        "é",
        "\"a\tb\"",
        "a\\b"
      })
  void whatIsNotOneKeyIsNone(String line) {
    assertEquals(Optional.empty(), IdempotencyKey.of(List.of(line)));
  }

  @Test
  void thereIsOneLineOf255CharactersAtMost() {
    assertEquals(Optional.empty(), IdempotencyKey.of(List.of("a", "a")));
    assertEquals(Optional.empty(), IdempotencyKey.of(List.of("a".repeat(256))));
    assertEquals(255, IdempotencyKey.of(List.of("a".repeat(255))).orElseThrow().text().length());
  }

  @Test
  void aLongLineIsRefusedAndNotLookedAt() {
    for (String each : List.of("a", "\\\"", "a\\\\")) {
      String line = '"' + each.repeat(20_000) + '"';
      assertEquals(Optional.empty(), IdempotencyKey.of(List.of(line)));
    }
    String escaped = '"' + "\\\"".repeat(255) + '"';
    assertEquals("\"".repeat(255), IdempotencyKey.of(List.of(escaped)).orElseThrow().text());
  }
}
