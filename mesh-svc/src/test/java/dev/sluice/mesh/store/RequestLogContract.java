package dev.sluice.mesh.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.RequestLog.Accepted;
import dev.sluice.mesh.store.RequestLog.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every engine does. */
public abstract class RequestLogContract {
  /** How long and how many are kept. */
  protected static final LogSettings SETTINGS =
      new LogSettings(Duration.ofMinutes(10), 5_000, 1L << 30);

  /** A router's log, which is open. */
  protected abstract LogDriver driver();

  /** Ends it, and opens it again; null when nothing survives. */
  protected abstract LogDriver reopened();

  /** Time passes, by which outcomes age. */
  protected abstract void pass(Duration time);

  @Test
  void aNewLogIsEmpty() {
    assertFalse(driver().log().hasHistory());
    assertEquals(List.of(), driver().recovered());
    assertEquals(Optional.empty(), driver().find("r-1"));
  }

  @Test
  void whatIsAcceptedIsFoundWithoutAnOutcome() {
    Request request = request("r-1");
    assertEquals(new Accepted.Kept(), driver().accept(request));
    assertEquals(Optional.of(new Entry(request, null)), driver().find("r-1"));
  }

  static Stream<Outcome> outcomes() {
    return Stream.of(
        replied("{\"a\":[1,2,\"\u00fc\"]}"),
        new Outcome.Failed(31, "w-2", Long.MAX_VALUE, "no such key"),
        new Outcome.Faulty(1, "w-3", 2),
        new Outcome.NoRoom(2, "w-4", 3, "full"),
        new Outcome.Conflict(),
        new Outcome.GivenUp(4, 3),
        new Outcome.OutOfService(5));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void everyOutcomeIsKept(Outcome outcome) {
    Request request = request("r-1");
    driver().accept(request);
    driver().finish("r-1", outcome);
    assertEquals(Optional.of(new Entry(request, outcome)), driver().find("r-1"));
    assertEquals(new Accepted.Known(request, outcome), driver().accept(request));
  }

  static Stream<String> texts() {
    return Stream.of(
        "",
        "'; DROP TABLE request; --",
        "\u00e4\u00f6\ud83d\ude00 \\ \" % _ {},NULL",
        "{\"n\":" + "9".repeat(1 << 20) + "}");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void textIsKeptAsItIs(String text) {
    Request request = new Request("id " + text.length(), "k" + text, "o" + text, text, true);
    driver().accept(request);
    driver().finish(request.id(), replied(text));
    assertEquals(Optional.of(new Entry(request, replied(text))), driver().find(request.id()));
  }

  @Test
  void aKnownIdIsToldWithTheRequestItWasUsedFor() {
    Request first = request("r-1");
    Request second = new Request("r-1", "other", "count", "[]", true);
    driver().accept(first);
    assertEquals(new Accepted.Known(first, null), driver().accept(second));
    driver().finish("r-1", replied("1"));
    assertEquals(new Accepted.Known(first, replied("1")), driver().accept(second));
  }

  @Test
  void anIdThatIsUsedTwiceAtOnceIsKeptOnce() {
    var told = new ArrayList<Accepted>();
    driver().log().accept(request("r-1"), told::add);
    driver().log().accept(request("r-1"), told::add);
    driver().await(() -> told.size() == 2);
    assertEquals(List.of(new Accepted.Kept(), new Accepted.Known(request("r-1"), null)), told);
  }

  @Test
  void nothingIsToldBeforeItIsCollected() {
    var told = new ArrayList<Object>();
    driver().accept(request("r-1"));
    driver().log().accept(request("r-2"), told::add);
    driver().log().find("r-1", told::add, told::add);
    driver().log().find("unknown", told::add, told::add);
    driver().log().flush();
    assertEquals(List.of(), told);
    assertTrue(driver().log().isWaiting());
    driver().await(() -> told.size() == 3);
    assertFalse(driver().log().isWaiting());
  }

  @Test
  void manyAreToldInTheOrderInWhichTheyWereAsked() {
    var told = new ArrayList<Integer>();
    List<Integer> all = IntStream.range(0, 3_000).boxed().toList();
    all.forEach(i -> driver().log().accept(request("r-" + i), _ -> told.add(i)));
    driver().await(() -> told.size() == all.size());
    assertEquals(all, told);
  }

  @Test
  void theFirstOutcomeStays() {
    driver().accept(request("r-1"));
    driver().finish("r-1", replied("1"));
    driver().finish("r-1", replied("2"));
    assertEquals(Optional.of(new Entry(request("r-1"), replied("1"))), driver().find("r-1"));
  }

  @Test
  void theOutcomeOfAnUnknownRequestIsNobodys() {
    driver().finish("r-1", replied("1"));
    assertEquals(Optional.empty(), driver().find("r-1"));
    assertEquals(new Accepted.Kept(), driver().accept(request("r-1")));
  }

  @Test
  void whatIsUnansweredIsRecoveredInTheOrderOfItsAcceptance() {
    for (int i = 0; i < 20; i++) {
      driver().accept(request("r-" + (i * 7 % 20)));
    }
    for (int i = 0; i < 20; i += 2) {
      driver().finish("r-" + (i * 7 % 20), replied("1"));
    }
    LogDriver again = reopened();
    assertTrue(again.log().hasHistory());
    List<Request> expected =
        IntStream.range(0, 20)
            .filter(i -> i % 2 == 1)
            .mapToObj(i -> request("r-" + (i * 7 % 20)))
            .toList();
    assertEquals(expected, again.recovered());
  }

  @Test
  void whatWasRecoveredCanBeFinishedAndIsThenNotRecovered() {
    driver().accept(request("r-1"));
    driver().accept(request("r-2"));
    LogDriver second = reopened();
    second.finish("r-1", replied("1"));
    assertEquals(new Accepted.Known(request("r-2"), null), second.accept(request("r-2")));
    second.accept(request("r-3"));
    LogDriver third = reopened();
    assertEquals(List.of(request("r-2"), request("r-3")), third.recovered());
    assertEquals(new Accepted.Known(request("r-1"), replied("1")), third.accept(request("r-1")));
  }

  @Test
  void whatIsOldIsForgottenButNotWhatIsUnanswered() {
    driver().accept(request("open"));
    driver().accept(request("old"));
    driver().finish("old", replied("1"));
    driver().accept(request("last"));
    driver().finish("last", replied("2")); // there is always a last one
    pass(SETTINGS.keep().plusSeconds(1));
    awaitForgotten("old");
    assertEquals(Optional.of(new Entry(request("open"), null)), driver().find("open"));
    assertEquals(new Accepted.Kept(), driver().accept(request("old")));
  }

  @Test
  void whatIsTooMuchIsForgottenTheFirstFirst() {
    driver().accept(request("open"));
    int count = (int) SETTINGS.keepMax() + 1_500;
    for (int i = 0; i < count; i++) {
      driver().log().accept(request("r-" + i), _ -> {});
    }
    driver().await(() -> !driver().log().isWaiting());
    for (int i = 0; i < count; i++) {
      driver().log().finish("r-" + i, replied("1"));
    }
    driver().await(() -> !driver().log().isWaiting());
    pass(Duration.ofSeconds(3));
    awaitForgotten("r-1499");
    assertEquals(Optional.empty(), driver().find("r-0"));
    assertTrue(driver().find("r-1500").isPresent());
    assertEquals(Optional.of(new Entry(request("open"), null)), driver().find("open"));
  }

  @Test
  void aLogThatHasForgottenAllHasAHistory() {
    driver().accept(request("r-1"));
    driver().finish("r-1", replied("1"));
    driver().accept(request("r-2"));
    driver().finish("r-2", replied("1"));
    pass(SETTINGS.keep().plusSeconds(1));
    awaitForgotten("r-1");
    assertTrue(reopened().log().hasHistory());
  }

  @Test
  void itIsWell() {
    driver().accept(request("r-1"));
    assertTrue(driver().log().status().isReady());
    assertTrue(driver().log().status().asked() > 0);
  }

  private void awaitForgotten(String id) {
    while (driver().find(id).isPresent()) {
      pass(Duration.ofMillis(100));
      Thread.onSpinWait();
    }
  }

  protected static Request request(String id) {
    return new Request(id, "key of " + id, "echo", "{\"of\":\"" + id + "\"}", true);
  }

  protected static Outcome replied(String reply) {
    return new Outcome.Replied(7, "w-1", 3, reply);
  }

  protected static void assumeSurvives(boolean survives) {
    Assumptions.assumeTrue(survives, "nothing survives in memory");
  }
}
