package dev.sluice.store.redis;

import dev.sluice.store.redis.RedisRequest.Call;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.protocol.AsyncCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A cluster as a whole: it knows which node keeps what, and brings calls to where a key has moved.
 */
final class RedisClusterLink implements RedisLink {
  private final StatefulRedisClusterConnection<String, String> connection;

  RedisClusterLink(StatefulRedisClusterConnection<String, String> connection) {
    this.connection = connection;
  }

  /** One by one, for each may go elsewhere; and with their text, for who knows where. */
  @Override
  public List<CompletableFuture<RedisAnswer>> send(List<Call> calls) {
    var answers = new ArrayList<CompletableFuture<RedisAnswer>>(calls.size());
    for (Call call : calls) {
      AsyncCommand<String, String, RedisAnswer> command =
          RedisNodeLink.command(new Call(call.script(), true, call.keys(), call.arguments()));
      connection.dispatch(command);
      answers.add(command);
    }
    return answers;
  }

  /** It outlives its connections. */
  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    var _ = connection.closeAsync();
  }

  @Override
  public String nodeOf(String key) {
    RedisClusterNode node = connection.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
    return node == null ? RedisEngine.ROOT : node.getNodeId();
  }

  @Override
  public boolean keepsKeys(String node) {
    RedisClusterNode known = connection.getPartitions().getPartitionByNodeId(node);
    return known != null && !known.hasNoSlots();
  }
}
