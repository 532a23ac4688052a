package dev.sluice.service.testing;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.ServerSocket;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code @QuarkusTest} does and {@code @QuarkusIntegrationTest} leaves to others, as the
 * service is another process then: gRPC gets a free port, and fields with {@link GrpcClient} get
 * what calls it.
 */
public final class GrpcClients implements QuarkusTestResourceLifecycleManager {
  private @Nullable ManagedChannel channel;

  @Override
  public Map<String, String> start() {
    int port = freePort();
    channel = ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    return Map.of("quarkus.grpc.server.port", Integer.toString(port));
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void inject(Object test) {
    for (Class<?> type = test.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.isAnnotationPresent(GrpcClient.class)) {
          set(test, field);
        }
      }
    }
  }

  private void set(Object test, Field field) {
    try {
      field.setAccessible(true);
      field.set(test, field.getType() == Channel.class ? channel : stub(field.getType()));
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException(field + " cannot be given a client", failure);
    }
  }

  /** The class around a stub makes it. */
  private Object stub(Class<?> type) throws ReflectiveOperationException {
    return type.getEnclosingClass()
        .getMethod("newBlockingStub", Channel.class)
        .invoke(null, channel);
  }

  @Override
  public void stop() {
    if (channel != null) {
      channel.shutdownNow();
    }
  }
}
