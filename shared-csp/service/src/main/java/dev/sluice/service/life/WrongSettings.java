package dev.sluice.service.life;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out that the gRPC server could not start when a setting is wrong: the start then fails as
 * a whole, and Quarkus says in one line which setting it is.
 */
public final class WrongSettings implements Filter {
  private static final String GRPC_SERVER = "io.quarkus.grpc.runtime.GrpcServerRecorder";

  /** Creates the filter. */
  public WrongSettings() {}

  @Override
  public boolean isLoggable(LogRecord logged) {
    return !GRPC_SERVER.equals(logged.getLoggerName()) || !isAboutSetting(logged.getThrown());
  }

  private static boolean isAboutSetting(@Nullable Throwable failure) {
    return failure != null
        && (failure instanceof ConfigurationException || isAboutSetting(failure.getCause()));
  }
}
