package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {

  private static final String GOOD =
      """
      {"at":5,"id":"e1","sender":"s","type":"t","created":"2026-11-20T09:00:00.000Z","path":"/fast/x","data":{}}\
      """;

  @Test
  void aLineIsAWebhookWithOrWithoutAnAccount() throws Recording.BadRecording {
    String keyed = GOOD.replace("\"data\"", "\"account\":\"a\",\"data\"");

    List<Webhook> webhooks = Recording.read("x", List.of(GOOD, keyed)).webhooks();

    assertEquals(null, webhooks.get(0).account());
    assertEquals("a", webhooks.get(1).account());
    assertEquals(5, webhooks.get(0).at());
    assertEquals("e1", webhooks.get(0).id());
  }

  @Test
  void equalIdsAreDuplicates() throws Recording.BadRecording {
    var recording = Recording.read("x", List.of(GOOD, GOOD.replace("e1", "e2"), GOOD, GOOD));

    assertEquals(4, recording.size());
    assertEquals(2, recording.unique());
    assertEquals(2, recording.duplicates());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[1]",
        "{} {}",
        "{\"at\":5}",
      })
  void whatIsNoWebhookIsRefusedWithItsLine(String line) {
    assertTrue(refused(GOOD, line).startsWith("file, line 2: "), refused(GOOD, line));
  }

  @Test
  void whatIsMissingUnknownOrWrongIsNamed() {
    assertNames("sender", GOOD.replace("\"sender\":\"s\",", ""));
    assertNames("sender", GOOD.replace("\"sender\":\"s\"", "\"sender\":null"));
    assertNames("colour", GOOD.replace("\"data\"", "\"colour\":\"red\",\"data\""));
    assertNames("soon", GOOD.replace("5", "\"soon\""));
    assertNames("'fast/x'", GOOD.replace("/fast/x", "fast/x"));
  }

  @Test
  void timeDoesNotGoBack() {
    assertEquals(
        "file, line 2: \"at\" is 4, but the line before has 5; it must not go back",
        refused(GOOD, GOOD.replace("5", "4")));
  }

  @Test
  void anEmptyFileIsNoRecording() {
    assertEquals("file has no webhook in it", refused());
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    var missing = Path.of("no-such-file.ndjson");

    var bad = assertThrows(Recording.BadRecording.class, () -> Recording.load(missing));

    assertTrue(bad.getMessage().startsWith("no-such-file.ndjson cannot be read"), bad.getMessage());
  }

  private static void assertNames(String name, String line) {
    String message = refused(line);
    assertTrue(message.startsWith("file, line 1: ") && message.contains(name), message);
  }

  private static String refused(String... lines) {
    return assertThrows(
            Recording.BadRecording.class, () -> Recording.read("file", Arrays.asList(lines)))
        .getMessage();
  }
}
