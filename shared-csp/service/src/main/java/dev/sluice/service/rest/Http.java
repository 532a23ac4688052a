package dev.sluice.service.rest;

import dev.sluice.service.Pending;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionStage;

/** How a resource answers a caller who may hang up while it waits. */
public final class Http {
  private Http() {}

  /**
   * The answer; it is abandoned when the request's connection ends before it has come.
   *
   * <pre>{@code
   * public CompletionStage<AcquireAnswer> acquire(AcquireRequest request) {
   *   return Http.answer(current.getCurrent(), operation.acquire(request));
   * }
   * }</pre>
   */
  public static <T> CompletionStage<T> answer(RoutingContext request, Pending<T> pending) {
    request.addEndHandler(_ -> pending.abandon());
    if (request.response().closed()) {
      pending.abandon(); // it ended before there was a handler to tell
    }
    return pending.answer();
  }
}
