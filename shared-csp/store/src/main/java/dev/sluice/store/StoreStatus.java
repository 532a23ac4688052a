package dev.sluice.store;

import java.util.List;

/**
 * How a shard finds its engine.
 *
 * @param nodes those that it has to do with; none when what is kept is its own
 * @param asked operations that were sent to the engine
 * @param failed operations that were sent and have brought no outcome
 * @param unasked operations that were answered unavailable without being sent, because the node is
 *     known to be down
 * @param spared operations that were answered here, because the answer is known without asking
 */
public record StoreStatus(List<Node> nodes, long asked, long failed, long unasked, long spared) {

  /** Of an engine that is nowhere but here. */
  public static final StoreStatus LOCAL = new StoreStatus(List.of(), 0, 0, 0, 0);

  /**
   * One of the engine's nodes.
   *
   * @param name which
   * @param up whether it is asked
   * @param reason why it is not; empty when it is
   */
  public record Node(String name, boolean up, String reason) {}

  /** Whether some node answers. */
  public boolean isReady() {
    return nodes.isEmpty() || nodes.stream().anyMatch(Node::up);
  }
}
