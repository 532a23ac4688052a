package dev.sluice.store.redis;

import dev.sluice.store.redis.RedisRequest.Call;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A connection to one node, which knows of no other. */
final class RedisNodeLink implements RedisLink {
  private final StatefulRedisConnection<String, String> connection;

  RedisNodeLink(StatefulRedisConnection<String, String> connection) {
    this.connection = connection;
  }

  @Override
  public List<CompletableFuture<RedisAnswer>> send(List<Call> calls) {
    var commands = new ArrayList<AsyncCommand<String, String, RedisAnswer>>(calls.size());
    calls.forEach(call -> commands.add(command(call)));
    connection.dispatch(commands);
    return List.copyOf(commands);
  }

  static AsyncCommand<String, String, RedisAnswer> command(Call call) {
    var arguments =
        new CommandArgs<>(StringCodec.UTF8)
            .add(call.whole() ? call.script().text() : call.script().digest())
            .add(call.keys().size())
            .addKeys(call.keys())
            .addValues(call.arguments());
    return new AsyncCommand<>(
        new Command<>(
            call.whole() ? CommandType.EVAL : CommandType.EVALSHA,
            new RedisAnswerOutput(),
            arguments));
  }

  @Override
  public boolean isOpen() {
    return connection.isOpen();
  }

  @Override
  public void close() {
    var _ = connection.closeAsync();
  }

  @Override
  public String nodeOf(String key) {
    return RedisEngine.ROOT;
  }

  @Override
  public boolean keepsKeys(String node) {
    return true;
  }
}
