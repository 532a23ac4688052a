package dev.sluice.mesh.api.requests;

import dev.sluice.mesh.api.EdgeSettings;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.process.Ask;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Keys;
import dev.sluice.service.Limits;
import dev.sluice.service.ProblemException;
import dev.sluice.service.json.JsonText;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rules of a request, for HTTP and gRPC. */
@Singleton
public class RequestChecks {
  private static final JsonText NULL = new JsonText("null");

  private final int keyBytes;
  private final Duration usualWait;
  private final Duration maxWait;

  @Inject
  RequestChecks(Limits limits, EdgeSettings settings) {
    this.keyBytes = limits.keyBytes();
    this.usualWait = settings.usualWait();
    this.maxWait = settings.maxWait();
  }

  /**
   * What the request asks of a router.
   *
   * @throws ProblemException invalid-input, with every field that is wrong
   */
  public Ask ask(MeshRequest request) {
    var errors = new ArrayList<FieldError>(0);
    if (request.id() != null) {
      key("id", request.id(), errors);
    }
    key("key", request.key(), errors);
    key("op", request.op(), errors);
    if (request.maxWait() != null) {
      atMost(request.maxWait(), errors);
    }
    if (request.key() == null || request.op() == null || !errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
    return new Ask(
        new Request(
            Objects.requireNonNullElseGet(request.id(), () -> UUID.randomUUID().toString()),
            request.key(),
            request.op(),
            Objects.requireNonNullElse(request.payload(), NULL).text(),
            !Boolean.FALSE.equals(request.durable())),
        Objects.requireNonNullElse(request.maxWait(), usualWait));
  }

  /**
   * A name that stands alone.
   *
   * @throws ProblemException invalid-input
   */
  public String name(String field, String value) {
    var errors = new ArrayList<FieldError>(0);
    key(field, value, errors);
    if (!errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
    return value;
  }

  private void key(String field, @Nullable String value, List<FieldError> errors) {
    String complaint = Keys.complaint(value, keyBytes);
    if (complaint != null) {
      errors.add(
          value == null
              ? new FieldError(field, null, complaint)
              : FieldError.of(field, value, complaint));
    }
  }

  private void atMost(Duration wait, List<FieldError> errors) {
    if (wait.isNegative() || wait.compareTo(maxWait) > 0) {
      errors.add(FieldError.of("wait", wait, "must be from 0s to " + Durations.format(maxWait)));
    }
  }
}
