package dev.sluice.mesh.remote.link;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.concurrent.TimeUnit;

/** Connections to other processes of the mesh. */
public final class Connections {
  private static final int MAX_MESSAGE = 2 << 20;
  private static final int KEEP_ALIVE_SECONDS = 10;

  private Connections() {}

  /**
   * Connects when it is first used; what is called back must not wait.
   *
   * @param target {@code host:port}
   * @return to be shut down by the caller
   * @throws IllegalArgumentException it is no target
   */
  public static ManagedChannel to(String target) {
    return ManagedChannelBuilder.forTarget(target)
        .usePlaintext()
        .directExecutor()
        .disableRetry()
        .maxInboundMessageSize(MAX_MESSAGE)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .build();
  }
}
