package dev.sluice.service;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * An answer that its caller waits for, and the reply that it is made of. Who answers over HTTP or
 * gRPC abandons the reply when the caller goes away ({@link dev.sluice.service.rest.Http#answer},
 * {@link dev.sluice.service.grpc.Grpc#answerPending}), so that the process that owns the state can
 * give the caller's place to another.
 *
 * @param answer what the caller gets; fails with a {@link ProblemException} when it is refused
 * @param reply what the process completes
 * @param <T> the answer
 */
public record Pending<T>(CompletionStage<T> answer, Reply<?> reply) {

  /**
   * The answer that {@code render} makes of the reply.
   *
   * @param render may throw a {@link ProblemException}
   */
  public static <R, T> Pending<T> of(Reply<R> reply, Function<? super R, ? extends T> render) {
    return new Pending<>(
        reply
            .stage()
            .handle((value, failure) -> {
              if (failure != null) {
                throw failed(failure);
              }
              return render.apply(value);
            }),
        reply);
  }

  /** The same with another answer, made of this one. */
  public <U> Pending<U> thenApply(Function<? super T, ? extends U> render) {
    return new Pending<>(answer.thenApply(render), reply);
  }

  /** Says that nobody waits for the answer any more. Does nothing when it has come already. */
  public void abandon() {
    reply.abandon();
  }

  /**
   * That there is no answer is no fault of the service when it was given up, or the process has
   * ended.
   */
  private static RuntimeException failed(Throwable failure) {
    return failure instanceof CancellationException || failure instanceof ChannelClosedException
        ? new ProblemException(
            ProblemType.NOT_IN_TIME,
            "given up before there was an answer: the caller has gone away, or the service had to stop")
        : new CompletionException(failure);
  }
}
