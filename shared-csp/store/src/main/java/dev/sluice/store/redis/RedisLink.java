package dev.sluice.store.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A connection. */
interface RedisLink {

  /**
   * Sends the calls in one go; on a connection to one node they take effect in this order.
   *
   * @return what each is answered
   */
  List<CompletableFuture<RedisAnswer>> send(List<RedisRequest.Call> calls);

  /** Whether it still connects. */
  boolean isOpen();

  /** Ends it; what has not been answered yet fails. */
  void close();

  /** Which node keeps the key: one that {@link RedisEngine#connect} knows. */
  String nodeOf(String key);

  /** Whether the node keeps any keys. */
  boolean keepsKeys(String node);
}
