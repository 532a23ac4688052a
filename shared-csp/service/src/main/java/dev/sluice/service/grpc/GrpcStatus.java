package dev.sluice.service.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A problem as gRPC says it: its code and detail, and of {@code google.rpc} an {@code ErrorInfo}
 * always, a {@code RetryInfo} if it is known when to come back, and a {@code BadRequest} that names
 * the fields if it is about them.
 *
 * @see <a href="https://google.aip.dev/193">AIP-193, Errors</a>
 */
final class GrpcStatus {
  /** Where the reasons of our errors are defined. */
  static final String DOMAIN = "sluice.dev";

  private GrpcStatus() {}

  static StatusRuntimeException of(ProblemException problem) {
    var status =
        Status.newBuilder()
            .setCode(problem.type().code().value())
            .setMessage(problem.detail())
            .addDetails(detail(ErrorInfo.getDescriptor(), errorInfo(problem)));
    var retryAfter = problem.retryAfter();
    if (retryAfter != null) {
      status.addDetails(detail(RetryInfo.getDescriptor(), retryInfo(retryAfter)));
    }
    var fields = fieldErrors(problem);
    if (!fields.isEmpty()) {
      status.addDetails(detail(BadRequest.getDescriptor(), badRequest(fields)));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  /** {@code Any.pack} without reflection, for native executables. */
  private static Any detail(Descriptor type, Message message) {
    return Any.newBuilder()
        .setTypeUrl("type.googleapis.com/" + type.getFullName())
        .setValue(message.toByteString())
        .build();
  }

  private static ErrorInfo errorInfo(ProblemException problem) {
    var info =
        ErrorInfo.newBuilder()
            .setReason(problem.type().name())
            .setDomain(DOMAIN)
            .putMetadata("type", problem.type().uri());
    problem
        .members()
        .forEach((name, value) -> {
          if (!(value instanceof List)) {
            info.putMetadata(name, value.toString());
          }
        });
    return info.build();
  }

  private static RetryInfo retryInfo(Duration wait) {
    return RetryInfo.newBuilder()
        .setRetryDelay(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(wait.getSeconds())
                .setNanos(wait.getNano()))
        .build();
  }

  private static List<FieldError> fieldErrors(ProblemException problem) {
    var fields = new ArrayList<FieldError>();
    if (problem.members().get("errors") instanceof List<?> errors) {
      errors.forEach(error -> {
        if (error instanceof FieldError field) {
          fields.add(field);
        }
      });
    }
    return fields;
  }

  private static BadRequest badRequest(List<FieldError> fields) {
    var request = BadRequest.newBuilder();
    fields.forEach(field ->
        request.addFieldViolations(
            BadRequest.FieldViolation.newBuilder()
                .setField(field.field())
                .setDescription(field.sentence())));
    return request.build();
  }
}
