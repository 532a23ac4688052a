package dev.sluice.service;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.ext.web.RoutingContext;

/** What to do about a body over {@link Limits#body()}. */
public final class BodyTooLarge {
  /**
   * A body over the limit is still read, and forgotten, up to this many bytes: most clients look at
   * the answer only after they have sent everything. Beyond, the connection is closed on them.
   */
  public static final long READ_AND_FORGET = 16L * 1024 * 1024;

  private BodyTooLarge() {}

  /** Returns the problem; its member {@code limit} is in bytes. */
  public static ProblemException problem(long limit) {
    return new ProblemException(
            ProblemType.BODY_TOO_LARGE,
            "body: is larger than " + limit + " bytes, which is the limit")
        .with("limit", limit);
  }

  /** Closes the connection as soon as the answer to this request is written. */
  public static void hangUpAfter(RoutingContext context) {
    context
        .response()
        .putHeader(HttpHeaderNames.CONNECTION, "close")
        .endHandler(end -> context.request().connection().close());
  }
}
