package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.limiter.store.WindowCounters.Answer;
import dev.sluice.limiter.store.WindowCounters.Count;
import dev.sluice.limiter.store.WindowCounters.Counted;
import dev.sluice.limiter.store.WindowCounters.Hits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What all counters do, whatever the engine. */
abstract class WindowCountersContract {
  static final Window FIRST = new Window(0, 60);
  static final Window SECOND = new Window(60, 120);

  abstract WindowCounters counters();

  /** Goes on until all answers have come. */
  abstract void awaitAnswers();

  @Test
  void countsInEachWindowForItself() {
    assertEquals(new Count(0, 2), count("a", FIRST, 2));
    assertEquals(new Count(2, 5), count("a", FIRST, 3));
    assertEquals(new Count(0, 1), count("a", SECOND, 1));
    assertEquals(new Count(0, 1), count("b", FIRST, 1));
  }

  @Test
  void zeroHitsLook() {
    assertEquals(new Count(0, 0), count("a", FIRST, 0));
    count("a", FIRST, 2);
    assertEquals(new Count(2, 2), count("a", FIRST, 0));
  }

  @Test
  void hitsAreGivenBackDownToZero() {
    count("a", FIRST, 2);
    assertEquals(new Count(2, 1), count("a", FIRST, -1));
    assertEquals(new Count(1, 0), count("a", FIRST, -5));
    assertEquals(new Count(0, 3), count("a", FIRST, 3));
  }

  @Test
  void aCountStopsAtTheMostAndAtZero() {
    assertEquals(new Count(0, WindowCounters.MOST - 1), count("a", FIRST, WindowCounters.MOST - 1));
    assertEquals(
        new Count(WindowCounters.MOST - 1, WindowCounters.MOST), count("a", FIRST, Long.MAX_VALUE));
    assertEquals(
        new Count(WindowCounters.MOST, WindowCounters.MOST), count("a", FIRST, Long.MAX_VALUE));
    assertEquals(new Count(WindowCounters.MOST, 0), count("a", FIRST, Long.MIN_VALUE));
  }

  @Test
  void countsAllOfARequestInOrder() {
    assertEquals(
        List.of(new Count(0, 1), new Count(0, 2), new Count(1, 4), new Count(0, 4)),
        counted(
            List.of(
                new Hits("a", FIRST, 1),
                new Hits("b", FIRST, 2),
                new Hits("a", FIRST, 3),
                new Hits("a", SECOND, 4))));
    assertEquals(List.of(), counted(List.of()));
  }

  @Test
  void countsManyRequestsThatAreUnderWayAtOnce() {
    var answers = new ArrayList<Answer>();
    for (int i = 0; i < 100; i++) {
      counters().submit(List.of(new Hits("a", FIRST, 1)), now(), answers::add);
      counters().flush();
    }
    awaitAnswers();

    assertEquals(
        IntStream.range(0, 100).mapToObj(i -> new Counted(List.of(new Count(i, i + 1)))).toList(),
        answers);
  }

  @Test
  void takesAnyTextForACounter() {
    for (String counter : List.of("", "{", "}", "{}", "}{x}", "a\nb\r\n", "\0", "ü€😀", " ")) {
      assertEquals(new Count(0, 1), count(counter, FIRST, 1), counter);
    }
    assertEquals(new Count(1, 2), count("{}", FIRST, 1));
  }

  static long now() {
    return System.nanoTime();
  }

  Count count(String counter, Window window, long hits) {
    return counted(List.of(new Hits(counter, window, hits))).getFirst();
  }

  List<Count> counted(List<Hits> hits) {
    return assertInstanceOf(Counted.class, answer(hits)).counts();
  }

  Answer answer(List<Hits> hits) {
    var answers = new ArrayList<Answer>();
    counters().submit(hits, now(), answers::add);
    awaitAnswers();
    assertEquals(1, answers.size());
    return answers.getFirst();
  }
}
