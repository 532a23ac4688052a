package dev.sluice.mesh.process.router;

import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.KeyHash;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.Slice;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the router knows of groups, operations and slices; the last that the supervisor said. */
final class Table {
  private final Consumer<Line> made;
  private final Map<String, GroupLines> groups = new HashMap<>();
  private TreeMap<String, GroupLines> byOp = new TreeMap<>();
  private int shards;

  /**
   * @param made learns of each line that is made
   */
  Table(Consumer<Line> made) {
    this.made = made;
  }

  /** Whether the groups are known. */
  boolean isKnown() {
    return !byOp.isEmpty();
  }

  /** What is served. */
  SortedSet<String> ops() {
    return Collections.unmodifiableSortedSet(byOp.navigableKeySet());
  }

  /**
   * There are so many shards a group.
   *
   * @return false when there were others before: the keys' lines cannot be told then
   */
  boolean hasShards(int count) {
    if (shards == 0 && count > 0) {
      shards = count;
    }
    return shards == count;
  }

  /** Whether there is such a shard. */
  boolean hasShard(int shard) {
    return shard >= 0 && shard < shards;
  }

  /** These are the groups. None at all is what a supervisor says that does not know them yet. */
  void learn(List<Group> all) {
    if (all.isEmpty() || shards == 0) {
      return;
    }
    var ops = new TreeMap<String, GroupLines>();
    for (Group group : all) {
      GroupLines lines = group(group.name());
      group.ops().forEach(op -> ops.put(op, lines));
    }
    byOp = ops;
  }

  GroupLines group(String name) {
    return groups.computeIfAbsent(name, _ -> new GroupLines(name, shards, made));
  }

  /** The group that serves the operation; null when none does. */
  @Nullable GroupLines serving(String op) {
    return byOp.get(op);
  }

  /** The line of a request that this group serves. */
  Line line(GroupLines group, Request request) {
    return group.line(KeyHash.shard(request.key(), shards));
  }

  /** Those that have been made. */
  Stream<Line> lines() {
    return groups.values().stream().flatMap(GroupLines::lines);
  }

  /** The latest that is known of each slice. */
  Map<Slice, Long> epochs() {
    var epochs = new HashMap<Slice, Long>();
    lines().filter(line -> line.epoch > 0).forEach(line -> epochs.put(line.slice, line.epoch));
    return epochs;
  }
}
