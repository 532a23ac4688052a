package dev.sluice.service.rest;

import static dev.sluice.service.BodyTooLarge.hangUpAfter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.service.BodyTooLarge;
import dev.sluice.service.Limits;
import dev.sluice.service.Problem;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Problems;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a problem of what fails outside of Quarkus REST: a body that says it is too large, a path
 * that no router can read, a failure in a plain route such as health or metrics.
 */
@ApplicationScoped
class HttpProblems {
  private final Limits limits;
  private final StatusProblems statuses;
  private final AllowedMethods allowedMethods;
  private final SlowBodies slowBodies;
  private final ObjectMapper mapper;

  HttpProblems(
      Limits limits,
      StatusProblems statuses,
      AllowedMethods allowedMethods,
      SlowBodies slowBodies,
      ObjectMapper mapper) {
    this.limits = limits;
    this.allowedMethods = allowedMethods;
    this.slowBodies = slowBodies;
    this.statuses = statuses;
    this.mapper = mapper;
  }

  void install(@Observes Router router) {
    router.route().order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 2).handler(this::watchBody);
    router.options().order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1).handler(this::tellMethods);
    router
        .route()
        .order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1)
        .handler(this::refuseLargeBody);
    router.route().order(RouteConstants.ROUTE_ORDER_AFTER_DEFAULT).failureHandler(this::failed);
    router.errorHandler(400, this::failed);
    router.errorHandler(404, this::failed);
  }

  private void watchBody(RoutingContext context) {
    slowBodies.watch(
        context,
        (late, problem) -> {
          hangUpAfter(late);
          answer(late, problem);
        });
    context.next();
  }

  /** Quarkus REST would tell of HEAD where there is no GET. */
  private void tellMethods(RoutingContext context) {
    var methods = allowedMethods.at(String.valueOf(context.request().path()));
    if (methods.isEmpty()) {
      context.next();
      return;
    }
    context.response().putHeader(HttpHeaderNames.ALLOW, String.join(", ", methods)).end();
    context.request().resume();
  }

  private void refuseLargeBody(RoutingContext context) {
    var limit = limits.body().asLongValue();
    var length = contentLength(context.request());
    if (length <= limit) {
      context.next();
      return;
    }
    if (length > BodyTooLarge.READ_AND_FORGET) {
      hangUpAfter(context);
    }
    answer(context, BodyTooLarge.problem(limit));
    context.request().resume();
  }

  /** Netty has refused a length that is no number, so this one is. */
  private static long contentLength(HttpServerRequest request) {
    var length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  private void failed(RoutingContext context) {
    var failure = context.failure();
    var clientHasGone = failure instanceof IOException;
    if (clientHasGone || context.response().headWritten() || context.response().ended()) {
      context.next();
      return;
    }
    answer(context, problem(failure, context));
  }

  private ProblemException problem(@Nullable Throwable failure, RoutingContext context) {
    var request = context.request();
    var status = context.statusCode();
    if (failure instanceof RejectedExecutionException) {
      return new ProblemException(ProblemType.OVERLOADED, "no thread is free for this request");
    }
    return failure == null || (status >= 400 && status < 500)
        ? statuses.problem(status, context)
        : Problems.of(failure, request.method() + " " + request.path());
  }

  private void answer(RoutingContext context, ProblemException e) {
    var problem = e.problem(context.request().path());
    var response =
        context
            .response()
            .setStatusCode(problem.status())
            .putHeader(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE);
    e.headers().forEach(response::putHeader);
    response.end(json(problem));
  }

  private String json(Problem problem) {
    try {
      return mapper.writeValueAsString(problem);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
