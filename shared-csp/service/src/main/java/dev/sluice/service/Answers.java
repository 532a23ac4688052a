package dev.sluice.service;

import dev.sluice.csp.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What processes answer to who collects metrics, and may wait for them, but not long. */
public final class Answers {
  private static final long PATIENCE_MILLIS = 500;

  private Answers() {}

  /**
   * Waits for all of them, half a second for each.
   *
   * @return in the order of the replies; none when one fails or does not come: the heartbeat of who
   *     does not answer tells of that
   */
  public static <T> List<T> all(Collection<Reply<T>> asked) {
    var answers = new ArrayList<T>();
    try {
      for (Reply<T> each : asked) {
        answers.add(each.stage().toCompletableFuture().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
      }
      return answers;
    } catch (ExecutionException | TimeoutException noAnswer) {
      return List.of();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
