package dev.sluice.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Answers}. */
class AnswersTest {
  private final Reply<String> first = new Reply<>();
  private final Reply<String> second = new Reply<>();

  @Test
  void areInTheOrderOfTheReplies() {
    second.complete("b");
    first.complete("a");
    assertEquals(List.of("a", "b"), Answers.all(List.of(first, second)));
  }

  @Test
  void areNoneWhenOneFails() {
    first.complete("a");
    second.fail(new IllegalStateException("full"));
    assertEquals(List.of(), Answers.all(List.of(first, second)));
  }

  @Test
  void areNoneWhenOneDoesNotCome() {
    first.complete("a");
    assertEquals(List.of(), Answers.all(List.of(first, second)));
  }
}
