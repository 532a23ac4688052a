package dev.sluice.store.redis;

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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Makes the lanes of the processes that use one Redis or Valkey: a server, the master that
 * Sentinels tell of, or a cluster. Every process has connections of its own; the client's few
 * threads serve them all.
 *
 * <p>A Redis that is not there does not stop the start: the lanes say so and try again.
 */
public final class RedisClients implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RedisClients.class);
  private static final String POLICY = "maxmemory_policy:";
  private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(10);

  private final RedisAddress address;
  private final RedisSettings settings;
  private final List<RedisScript> scripts;
  private final ClientResources resources;
  private final RedisClient client;
  private final Set<String> warned = ConcurrentHashMap.newKeySet(); // used by the client's threads
  private final List<RedisClusterClient> clusters = new ArrayList<>(); // filled while starting

  /**
   * @param address where Redis is
   * @param settings how it is used
   * @param scripts what every server is made to know when it is connected to
   */
  public RedisClients(RedisAddress address, RedisSettings settings, List<RedisScript> scripts) {
    this.address = address;
    this.settings = settings;
    this.scripts = List.copyOf(scripts);
    this.resources =
        DefaultClientResources.builder()
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    this.client = RedisClient.create(resources);
    client.setOptions(forOneNode());
  }

  /**
   * The ways to Redis of one process. They connect when they are first used.
   *
   * @param wake tells the process that something has come back; may be called on any thread, and
   *     must not wait
   */
  public RedisLanes lanes(Runnable wake) {
    return new RedisLanes(engine(), settings, wake);
  }

  /** Ends all connections; what has not been answered yet fails. */
  @Override
  public void close() {
    clusters.forEach(each -> each.shutdown(Duration.ZERO, settings.timeout()));
    client.shutdown(Duration.ZERO, settings.timeout());
    var _ = resources.shutdown();
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

  private CompletableFuture<RedisLink> connect(RedisURI uri, String name) {
    return client
        .connectAsync(StringCodec.UTF8, uri)
        .toCompletableFuture()
        .thenCompose(this::withScripts)
        .<RedisLink>thenApply(connection -> {
          warnOfEviction(connection, name);
          return new RedisNodeLink(connection);
        });
  }

  /**
   * What the server evicts is forgotten before its time; one that does not tell may do so. Said
   * once, not for every process that connects.
   */
  private void warnOfEviction(StatefulRedisConnection<String, String> connection, String name) {
    var _ =
        connection
            .async()
            .info("memory")
            .thenAccept(memory ->
                evictionPolicy(memory)
                    .filter(policy -> warned.add(name + " " + policy))
                    .ifPresent(policy ->
                        LOG.warnf(
                            "Redis at %s may evict keys before their time: its maxmemory-policy"
                                + " is %s, must be noeviction",
                            name, policy)));
  }

  /**
   * By which rule the server evicts keys when it is full; empty when it does not, or does not tell.
   *
   * @param memory as {@code INFO memory} answers
   */
  static Optional<String> evictionPolicy(String memory) {
    return memory
        .lines()
        .filter(line -> line.startsWith(POLICY))
        .map(line -> line.substring(POLICY.length()).strip())
        .filter(policy -> !policy.equals("noeviction"))
        .findFirst();
  }

  private CompletableFuture<StatefulRedisConnection<String, String>> withScripts(
      StatefulRedisConnection<String, String> connection) {
    CompletableFuture<?>[] known =
        scripts.stream()
            .map(script -> connection.async().scriptLoad(script.text()).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(known)
        .whenComplete((_, failure) -> {
          if (failure != null) {
            var _ = connection.closeAsync();
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
      return RedisClients.this.connect(uri, nameOf(node));
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
            : RedisClients.this.connect(known.getUri(), nameOf(node));
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
      var _ = cluster.refreshPartitionsAsync();
    }
  }
}
