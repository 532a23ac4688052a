package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The recording in the program: that it is what its maker makes, and what is in it. */
class RecordWebhooksTest {

  private static final Instant START = Instant.parse("2026-11-20T09:00:00Z");

  private static Recording recording;

  @BeforeAll
  static void load() throws Recording.BadRecording {
    recording = Recording.load(null);
  }

  @Test
  void theFileIsWhatTheProgramMakes() throws IOException {
    try (var file = Recording.class.getResourceAsStream(Recording.RESOURCE)) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);

      assertEquals(
          RecordWebhooks.ndjson(RecordWebhooks.record(new Random(RecordWebhooks.SEED))), text);
      assertTrue(text.length() < 1_000_000, () -> text.length() + " bytes");
    }
  }

  @Test
  void itHasSoMany() {
    assertEquals(2_726, recording.size());
    assertEquals(2_452, recording.unique());
    assertEquals(274, recording.duplicates());
    assertEquals(
        List.of(
            "atlas-outdoor",
            "brew-and-bean",
            "cobalt-audio",
            "lumen-books",
            "nordic-knits",
            "pixel-parts",
            "tiny-toys",
            "verde-garden"),
        recording.senders());
  }

  @Test
  void aRepeatedEventIsTheSameButForItsArrival() {
    Map<String, Webhook> first = new HashMap<>();
    for (Webhook event : recording.webhooks()) {
      Webhook before = first.putIfAbsent(event.id(), event);
      if (before != null) {
        assertEquals(before.again(event.at() - before.at()), event);
      }
    }
  }

  @Test
  void someAreRepeatedAtTheSameMomentAndSomeSecondsLater() {
    Map<String, Long> first = new HashMap<>();
    int atOnce = 0;
    int later = 0;
    for (Webhook event : recording.webhooks()) {
      Long before = first.putIfAbsent(event.id(), event.at());
      if (before != null) {
        long apart = event.at() - before;
        atOnce += apart < 5 ? 1 : 0;
        later += apart >= 2_000 ? 1 : 0;
      }
    }
    assertEquals(128, atOnce);
    assertEquals(146, later);
    assertEquals(recording.duplicates(), atOnce + later);
  }

  @Test
  void theEventsOfAccountsAreMany() {
    Map<String, Set<String>> byAccount =
        unique().stream()
            .filter(event -> event.account() != null)
            .collect(
                Collectors.groupingBy(
                    Webhook::account, Collectors.mapping(Webhook::id, Collectors.toSet())));

    assertEquals(63, byAccount.size());
    assertEquals(814, byAccount.values().stream().mapToInt(Set::size).sum());
  }

  @Test
  void twoSendersSendSeveralHundredsWithinASecond() {
    assertTrue(mostWithinASecond("pixel-parts") >= 420);
    assertTrue(mostWithinASecond("tiny-toys") >= 300);
    assertTrue(mostWithinASecond("lumen-books") < 40);
  }

  @Test
  void everyBehaviourOfTheTargetIsAskedFor() {
    Map<Behaviour, Long> events =
        unique().stream()
            .collect(
                Collectors.groupingBy(
                    event -> Objects.requireNonNull(Behaviour.at(event.path())),
                    Collectors.counting()));

    assertEquals(
        Map.of(
            Behaviour.FAST, 1_621L,
            Behaviour.SLOW, 622L,
            Behaviour.FLAKY, 165L,
            Behaviour.REJECTING, 33L,
            Behaviour.FAILING, 11L),
        events);
  }

  @Test
  void everyEventHappensShortlyBeforeItArrives() {
    Map<String, Webhook> seen = new HashMap<>();
    for (Webhook event : recording.webhooks()) {
      if (seen.putIfAbsent(event.id(), event) == null) {
        var travelled =
            Duration.between(Instant.parse(event.created()), START.plusMillis(event.at()));
        assertTrue(travelled.toMillis() >= 20 && travelled.toMillis() < 180, event::toString);
      }
    }
  }

  @Test
  void anIdIsMadeLikeAUlid() {
    for (Webhook event : recording.webhooks()) {
      assertTrue(event.id().matches("evt_[0-9A-HJKMNP-TV-Z]{26}"), event.id());
    }
  }

  private static List<Webhook> unique() {
    Set<String> seen = new HashSet<>();
    return recording.webhooks().stream().filter(event -> seen.add(event.id())).toList();
  }

  private static int mostWithinASecond(String sender) {
    List<Webhook> sent = unique().stream().filter(event -> event.sender().equals(sender)).toList();
    int most = 0;
    int from = 0;
    for (int to = 0; to < sent.size(); to++) {
      while (sent.get(to).at() - sent.get(from).at() >= 1_000) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }
}
