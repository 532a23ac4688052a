package dev.sluice.mesh.model;

import java.time.Duration;
import java.util.List;

/** What the supervisor sends to a worker. */
public sealed interface WorkerOrder {

  /**
   * The first: it has joined.
   *
   * @param heartbeat how often it has to beat; two without acknowledgement, and it must not answer
   */
  record Welcome(WorkerId worker, Duration heartbeat) implements WorkerOrder {}

  /** It cannot join; the link ends. */
  record Refused(String reason) implements WorkerOrder {}

  /** The shard is the worker's from now on; it says {@link WorkerReport.Owned}. */
  record Own(int shard, long epoch, ShardState state) implements WorkerOrder {}

  /**
   * The shard is the worker's no longer; it hands over what it knows by {@link
   * WorkerReport.Released}.
   */
  record Release(int shard, long epoch) implements WorkerOrder {}

  /** These are the routers to be linked with, whatever was said before. */
  record Routers(List<RouterAddress> routers) implements WorkerOrder {}

  /** Nothing that it says counts any more: it ends, or joins anew as another. */
  record Fenced(String reason) implements WorkerOrder {}

  /** For demonstrations: it does nothing at all, and does not beat, for that long. */
  record Stall(Duration time) implements WorkerOrder {}
}
