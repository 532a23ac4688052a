package dev.sluice.service.rest;

import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Quoted;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Objects;

/** The problem that a bare status is, where a framework says no more than that. */
@Singleton
class StatusProblems {
  private final AllowedMethods allowedMethods;

  StatusProblems(AllowedMethods allowedMethods) {
    this.allowedMethods = allowedMethods;
  }

  ProblemException problem(int status, RoutingContext context) {
    var request = context.request();
    var path = Objects.requireNonNullElse(request.path(), "*");
    return switch (status) {
      case 404 -> new ProblemException(ProblemType.NOT_FOUND, "nothing is at " + Quoted.of(path));
      case 405 -> methodNotAllowed(request.method(), path);
      case 406 ->
          new ProblemException(
              ProblemType.NOT_ACCEPTABLE,
              header(context, HttpHeaderNames.ACCEPT) + " cannot be served, application/json can");
      case 413 -> new ProblemException(ProblemType.BODY_TOO_LARGE, "body: is too large");
      case 415 ->
          new ProblemException(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              header(context, HttpHeaderNames.CONTENT_TYPE) + " is not read, application/json is");
      case 503 -> new ProblemException(ProblemType.OVERLOADED, "the service is overloaded");
      default ->
          new ProblemException(
              ProblemType.INVALID_INPUT,
              "the request for " + Quoted.of(path) + " cannot be understood");
    };
  }

  private ProblemException methodNotAllowed(HttpMethod method, String path) {
    var allowed = String.join(", ", allowedMethods.at(path));
    return new ProblemException(
            ProblemType.METHOD_NOT_ALLOWED,
            method + " is not allowed at " + Quoted.of(path) + ", allowed: " + allowed)
        .header("Allow", allowed);
  }

  private static String header(RoutingContext context, CharSequence name) {
    var value = context.request().getHeader(name);
    return name + ": " + (value == null ? "(none)" : Quoted.of(value));
  }
}
