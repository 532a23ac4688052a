package dev.sluice.mesh.process;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;

/** The operations there are, by name. Immutable. */
public final class Operations {
  private final NavigableMap<String, Operation> byName = new TreeMap<>();

  private Operations(Operation... operations) {
    for (Operation operation : operations) {
      byName.put(operation.name(), operation);
    }
  }

  /** These. */
  public static Operations of(Operation... operations) {
    return new Operations(operations);
  }

  /**
   * Those that built-in workers serve: echo, count, acquire and dedup.
   *
   * @param caution what becomes of a bucket whose shard was lost
   */
  public static Operations builtIn(DurationText text, Caution caution) {
    return of(new Echo(), new Count(), new Acquire(text, caution), new Dedup(text));
  }

  /** Those of them that need no word about anything: echo and count. */
  public static Operations builtIn() {
    return of(new Echo(), new Count());
  }

  /** The operation of that name. */
  public Optional<Operation> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The names there are, in order. */
  public SequencedSet<String> names() {
    return Collections.unmodifiableNavigableSet(byName.navigableKeySet());
  }
}
