package dev.sluice.store.redis;

import dev.sluice.store.StoreFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a script on its way to Redis and back. What became of it is told once, by the process
 * that has submitted it.
 */
public interface RedisRequest {

  /** What says in which slot it is: a key with a hash tag. */
  String key();

  /**
   * What is sent.
   *
   * @param whole as {@link Call#whole}
   */
  Call call(boolean whole);

  /** The script has answered. */
  void answered(RedisAnswer answer);

  /** There is no answer. */
  void failed(StoreFailure failure);

  /**
   * A call of a script.
   *
   * @param whole sends the script's text, for a server that does not know it
   * @param keys all that it reads and writes, in one slot
   */
  record Call(RedisScript script, boolean whole, List<String> keys, List<String> arguments) {
    private static final RedisScript PROBE = RedisScript.beside(RedisRequest.class, "probe.lua");

    /**
     * One that writes to the slot of a key, and changes nothing that anybody counts.
     *
     * @param key null: any slot
     */
    static Call probe(@Nullable String key) {
      String tag = key == null ? "" : key.substring(key.indexOf('{'));
      return new Call(PROBE, true, List.of("sluice:probe:" + tag), List.of());
    }
  }
}
