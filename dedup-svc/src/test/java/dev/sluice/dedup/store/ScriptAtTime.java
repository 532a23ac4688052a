package dev.sluice.dedup.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.redis.RedisAnswer;
import dev.sluice.store.redis.RedisRequest;
import dev.sluice.store.testing.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the real scripts in a real server, but at the time that the test says. */
public final class ScriptAtTime implements AutoCloseable {
  private final RedisProcess server = RedisProcess.start();
  private final RedisClient client =
      RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
  private final RedisCommands<String, String> redis = client.connect().sync();

  /** Forgets everything. */
  public void clear() {
    redis.flushall();
  }

  /**
   * Calls the script.
   *
   * @param micros since 1970
   * @param replaced what of its text is otherwise, in pairs: what expires would do so by the
   *     server's own time
   */
  public RedisAnswer run(RedisRequest.Call call, long micros, String... replaced) {
    String text =
        replace(
            call.script().text(),
            "redis.call('TIME')",
            "{'" + micros / 1_000_000 + "', '" + micros % 1_000_000 + "'}");
    for (int i = 0; i < replaced.length; i += 2) {
      text = replace(text, replaced[i], replaced[i + 1]);
    }
    List<Object> parts =
        redis.eval(
            text,
            ScriptOutputType.OBJECT,
            call.keys().toArray(String[]::new),
            call.arguments().toArray(String[]::new));
    return new RedisAnswer(
        parts.stream()
            .map(part -> part instanceof String said ? said.getBytes(StandardCharsets.UTF_8) : part)
            .toList());
  }

  private static String replace(String text, String what, String by) {
    assertTrue(text.contains(what), what);
    return text.replace(what, by);
  }

  @Override
  public void close() {
    client.shutdown();
    server.close();
  }
}
