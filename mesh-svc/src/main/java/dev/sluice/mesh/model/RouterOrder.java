package dev.sluice.mesh.model;

import java.time.Duration;
import java.util.List;

/** What the supervisor sends to a router. */
public sealed interface RouterOrder {

  /** The first: it has joined; what it knew of owners it keeps until it is told otherwise. */
  record Welcome(Duration heartbeat, int shards) implements RouterOrder {}

  /** These are the groups, whatever was said before. */
  record Groups(List<Group> groups) implements RouterOrder {}

  /** A worker owns a slice, and knows it. */
  record Route(Slice slice, WorkerId owner, long epoch) implements RouterOrder {}

  /** A worker's process is fenced: nothing that it says counts any more. */
  record Fence(WorkerId worker) implements RouterOrder {}

  /** All launched workers of the group are out of service: nobody will serve it again. */
  record GiveUp(String group) implements RouterOrder {}
}
