package dev.sluice.limiter.store;

import dev.sluice.limiter.store.RedisRequest.Call;
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
  public List<CompletableFuture<List<Long>>> send(List<Call> calls) {
    var commands = new ArrayList<AsyncCommand<String, String, List<Long>>>(calls.size());
    calls.forEach(call -> commands.add(command(call)));
    connection.dispatch(commands);
    return List.copyOf(commands);
  }

  static AsyncCommand<String, String, List<Long>> command(Call call) {
    var arguments =
        new CommandArgs<>(StringCodec.UTF8)
            .add(call.whole() ? call.script().text() : call.script().digest())
            .add(call.keys().size())
            .addKeys(call.keys())
            .addValues(call.arguments());
    return new AsyncCommand<>(
        new Command<>(
            call.whole() ? CommandType.EVAL : CommandType.EVALSHA, new RedisNumbers(), arguments));
  }

  @Override
  public boolean isOpen() {
    return connection.isOpen();
  }

  @Override
  public void close() {
    connection.closeAsync();
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
