package dev.sluice.store.redis;

import java.util.concurrent.CompletableFuture;

/** Where Redis is, and how it is reached. Each process has one of its own. */
interface RedisEngine {
  /** What is connected to first: the only node, or the cluster as a whole. */
  String ROOT = "";

  /**
   * Connects to a node and makes it know the scripts. Fails within about three timeouts.
   *
   * @param node {@link #ROOT}, or what {@link RedisLink#nodeOf} has answered
   */
  CompletableFuture<RedisLink> connect(String node);

  /** Whether the root only knows the way, and other nodes keep the keys. */
  boolean isCluster();

  /** What operators call the node. */
  String nameOf(String node);

  /** Finds out anew which node keeps what, because one does not answer. */
  void refresh();
}
