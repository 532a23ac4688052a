package dev.sluice.idempotency;

import io.quarkus.resteasy.reactive.jackson.runtime.ResteasyReactiveServerJacksonRecorder;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Whether annotations of a method hide or shape some of what it answers: {@code @JsonView},
 * {@code @SecureField}, {@code @CustomSerialization}. Quarkus heeds them only while it sends; in
 * what is written by anybody else, what they hide would show.
 */
final class ShapedByMethod {
  private static final boolean THERE_IS_JACKSON = isThereJackson();

  private ShapedByMethod() {}

  static boolean is(ServerRequestContext request) {
    return THERE_IS_JACKSON && isShaped(request.getResteasyReactiveResourceInfo());
  }

  private static boolean isShaped(ResteasyReactiveResourceInfo method) {
    String id = method.getMethodId();
    Class<?> type = method.getResourceClass();
    return ResteasyReactiveServerJacksonRecorder.jsonViewForMethod(id) != null
        || ResteasyReactiveServerJacksonRecorder.jsonViewForClass(type) != null
        || ResteasyReactiveServerJacksonRecorder.customSerializationForMethod(id) != null
        || ResteasyReactiveServerJacksonRecorder.customSerializationForClass(type) != null;
  }

  private static boolean isThereJackson() {
    try {
      Class.forName(
          "io.quarkus.resteasy.reactive.jackson.runtime.ResteasyReactiveServerJacksonRecorder",
          false,
          ShapedByMethod.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }
}
