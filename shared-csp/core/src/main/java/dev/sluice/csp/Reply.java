package dev.sluice.csp;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * A one-shot answer: a request carries it to the process that owns the state, which completes it
 * once. Whoever asked waits for it ({@link #await}) or, on a thread that must not block, goes on
 * when it comes ({@link #stage}).
 *
 * <p>Completing never waits. The first of {@link #complete}, {@link #fail} and {@link #abandon}
 * counts, the later ones do nothing and say so.
 *
 * @param <T> the answer; never null
 */
public final class Reply<T> {
  private final Answer<T> future = new Answer<>();

  /** An answer that is still to come. */
  public Reply() {}

  /**
   * Answers. What was chained to {@link #stage} runs on this thread.
   *
   * @param value the answer
   * @return whether this was the first answer and somebody still wants it
   */
  public boolean complete(T value) {
    return future.complete(Objects.requireNonNull(value, "null is not a value"));
  }

  /**
   * Answers with a failure.
   *
   * @param failure what {@link #await} throws
   * @return as {@link #complete}
   */
  public boolean fail(Throwable failure) {
    return future.completeExceptionally(Objects.requireNonNull(failure));
  }

  /**
   * Says that nobody waits for the answer any more; the owner of the state can then give the place
   * back.
   *
   * @return whether the answer had not come yet
   */
  public boolean abandon() {
    return future.cancel(false);
  }

  /** {@return whether {@link #abandon} came before the answer} */
  public boolean isAbandoned() {
    return future.isCancelled() && failure() instanceof Abandoned;
  }

  /** {@return whether it has been answered or abandoned} */
  public boolean isDone() {
    return future.isDone();
  }

  /**
   * The answer as a stage. Cancelling its {@link CompletionStage#toCompletableFuture} is {@link
   * #abandon}.
   *
   * @return always the same
   */
  public CompletionStage<T> stage() {
    return future;
  }

  /**
   * Waits for the answer.
   *
   * @return the answer
   * @throws InterruptedException the thread was interrupted; the reply has been abandoned. (When
   *     the answer came in the same instant, the call returns it and the thread stays interrupted.)
   * @throws CancellationException the reply was abandoned
   * @throws RuntimeException the failure it was answered with; a checked one is wrapped in {@link
   *     ProcessFailedException}
   */
  public T await() throws InterruptedException {
    try {
      return answer();
    } catch (InterruptedException interrupted) {
      if (abandon()) {
        throw interrupted;
      }
    }
    Thread.currentThread().interrupt(); // it was answered meanwhile, and the interrupt stays
    return answer();
  }

  private T answer() throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException | CancellationException failed) { // or something made of it
      throw ProcessFailedException.unchecked(failure(), "the reply");
    }
  }

  /** The very failure that it was answered with. */
  private Throwable failure() {
    return Objects.requireNonNull(future.handle((_, failure) -> failure).join());
  }

  /** Nobody waits any more; not to be taken for a failure that the owner answered with. */
  private static final class Abandoned extends CancellationException {
    private static final long serialVersionUID = 1;

    Abandoned() {
      super("the reply was abandoned");
    }
  }

  private static final class Answer<T> extends CompletableFuture<T> {
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      // Every request that was answered ends here too: an exception is too dear to make in vain.
      return !isDone() && completeExceptionally(new Abandoned());
    }
  }
}
