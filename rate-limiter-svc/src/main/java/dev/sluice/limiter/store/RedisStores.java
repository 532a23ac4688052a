package dev.sluice.limiter.store;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Makes the stores of the processes that count on one Redis or Valkey: a server, the master that
 * Sentinels tell of, or a cluster. Every process has connections of its own; the client's few
 * threads serve them all.
 *
 * <p>A Redis that is not there does not stop the start: the stores say so and try again.
 */
public final class RedisStores
    implements LimitStore.Factory, WindowCounters.Factory, AutoCloseable {
  private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(10);

  private final RedisAddress address;
  private final RedisSettings settings;
  private final ClientResources resources;
  private final RedisClient client;
  private final List<RedisClusterClient> clusters = new ArrayList<>(); // filled while starting

  /**
   * @param address where Redis is
   * @param settings how it is used
   */
  public RedisStores(RedisAddress address, RedisSettings settings) {
    this.address = address;
    this.settings = settings;
    this.resources =
        DefaultClientResources.builder()
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    this.client = RedisClient.create(resources);
    client.setOptions(forOneNode());
  }

  @Override
  public LimitStore open(int shard, Runnable wake) {
    return new RedisLimitStore(engine(), settings, wake);
  }

  @Override
  public WindowCounters open(Runnable wake) {
    return new RedisWindowCounters(engine(), settings, wake);
  }

  /**
   * Makes the store of a shard's leases.
   *
   * @param wake as in {@link LeaseStore.Factory#open}
   * @param lookAgain how often it is looked whether a lease has been released elsewhere
   */
  public LeaseStore openLeases(Duration lookAgain, Runnable wake) {
    return new RedisLeaseStore(engine(), settings, lookAgain, wake);
  }

  /** Ends all connections; what has not been answered yet fails. */
  @Override
  public void close() {
    clusters.forEach(each -> each.shutdown(Duration.ZERO, settings.timeout()));
    client.shutdown(Duration.ZERO, settings.timeout());
    resources.shutdown();
  }

  private RedisEngine engine() {
    List<RedisURI> nodes = address.uris(settings.timeout());
    return address.kind() == RedisAddress.Kind.CLUSTER
        ? new Cluster(cluster(nodes))
        : new Single(nodes.getFirst());
  }

  private RedisClusterClient cluster(List<RedisURI> nodes) {
    RedisClusterClient made = RedisClusterClient.create(resources, nodes);
    made.setOptions(forCluster());
    clusters.add(made);
    return made;
  }

  /** Nothing is sent twice, and who connects anew is the lane. */
  private ClientOptions forOneNode() {
    return ClientOptions.builder()
        .autoReconnect(false)
        .socketOptions(socket())
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        .build();
  }

  private ClusterClientOptions forCluster() {
    ClientOptions connections =
        ClientOptions.builder()
            .replayFilter(_ -> true)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(socket())
            .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
            .build();
    return ClusterClientOptions.builder(connections)
        .topologyRefreshOptions(
            ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                .enableAllAdaptiveRefreshTriggers()
                .build())
        .build();
  }

  private SocketOptions socket() {
    return SocketOptions.builder().connectTimeout(settings.timeout()).build();
  }

  private CompletableFuture<RedisLink> connect(RedisURI uri) {
    return client
        .connectAsync(StringCodec.UTF8, uri)
        .toCompletableFuture()
        .thenCompose(RedisStores::withScripts)
        .thenApply(RedisNodeLink::new);
  }

  private static CompletableFuture<StatefulRedisConnection<String, String>> withScripts(
      StatefulRedisConnection<String, String> connection) {
    CompletableFuture<?>[] known =
        Stream.of(RedisScript.values())
            .map(script -> connection.async().scriptLoad(script.text()).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(known)
        .whenComplete((_, failure) -> {
          if (failure != null) {
            connection.closeAsync();
          }
        })
        .thenApply(_ -> connection);
  }

  /** One server, or the master that Sentinels tell of. */
  private final class Single implements RedisEngine {
    private final RedisURI uri;

    Single(RedisURI uri) {
      this.uri = uri;
    }

    @Override
    public CompletableFuture<RedisLink> connect(String node) {
      return RedisStores.this.connect(uri);
    }

    @Override
    public boolean isCluster() {
      return false;
    }

    @Override
    public String nameOf(String node) {
      return address.toString();
    }

    @Override
    public void refresh() {
      // Sentinels are asked at every connection
    }
  }

  /** A cluster; its nodes go by their ids. */
  private final class Cluster implements RedisEngine {
    private final RedisClusterClient cluster;

    Cluster(RedisClusterClient cluster) {
      this.cluster = cluster;
    }

    @Override
    public CompletableFuture<RedisLink> connect(String node) {
      if (!node.equals(ROOT)) {
        RedisClusterNode known = cluster.getPartitions().getPartitionByNodeId(node);
        return known == null
            ? CompletableFuture.failedFuture(new IllegalStateException("no such node: " + node))
            : RedisStores.this.connect(known.getUri());
      }
      return cluster
          .refreshPartitionsAsync()
          .thenCompose(_ -> cluster.connectAsync(StringCodec.UTF8))
          .<RedisLink>thenApply(RedisClusterLink::new)
          .toCompletableFuture();
    }

    @Override
    public boolean isCluster() {
      return true;
    }

    @Override
    public String nameOf(String node) {
      if (node.equals(ROOT)) {
        return address.toString();
      }
      RedisClusterNode known = cluster.getPartitions().getPartitionByNodeId(node);
      return known == null ? node : known.getUri().getHost() + ":" + known.getUri().getPort();
    }

    @Override
    public void refresh() {
      cluster.refreshPartitionsAsync();
    }
  }
}
