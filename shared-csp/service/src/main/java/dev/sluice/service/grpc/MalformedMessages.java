package dev.sluice.service.grpc;

import io.grpc.StatusRuntimeException;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Keeps callers from filling the log. gRPC decodes a message before any code of ours is asked, and
 * logs each that is no protobuf as severe, with a stack trace. The caller is told; it is not the
 * service's fault, and a fault of the service's is still logged.
 */
public final class MalformedMessages implements Filter {
  /** Keeps no state. */
  public MalformedMessages() {}

  @Override
  public boolean isLoggable(LogRecord logged) {
    return !(logged.getThrown() instanceof StatusRuntimeException failure
        && "Invalid protobuf byte sequence".equals(failure.getStatus().getDescription()));
  }
}
