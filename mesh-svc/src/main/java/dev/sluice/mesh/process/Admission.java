package dev.sluice.mesh.process;

import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerJoin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a member may say of itself; all these answer null when it may, else why not. */
final class Admission {
  /** The longest name, in bytes of UTF-8. */
  static final int NAME_BYTES = 256;

  /** The most operations that a worker can serve. */
  static final int OPS = 256;

  /** The highest number there may be: up to here JSON is exact. */
  static final long MAX_NUMBER = 1L << 53;

  private Admission() {}

  static @Nullable String problem(WorkerJoin join, SupervisorSettings settings) {
    String problem = first(name("name", join.name()), name("group", join.group()));
    if (problem != null) {
      return problem;
    }
    if (join.ops().isEmpty() || join.ops().size() > OPS) {
      return "ops has " + join.ops().size() + " names, must have 1 to " + OPS;
    }
    for (String op : join.ops()) {
      problem = name("ops", op);
      if (problem != null) {
        return problem;
      }
    }
    if (!isNumber(join.launch()) || !isNumber(join.incarnation())) {
      return "launch and incarnation must be 0 to " + MAX_NUMBER;
    }
    if (join.incarnation() == 0 && !join.holds().isEmpty()) {
      return "holds is for a process that has joined before, which says its incarnation";
    }
    return holds(join.holds(), settings.shards());
  }

  private static @Nullable String holds(Map<Integer, Long> holds, int shards) {
    for (Map.Entry<Integer, Long> held : holds.entrySet()) {
      if (held.getKey() < 0 || held.getKey() >= shards) {
        return "holds names shard " + held.getKey() + ", must be 0 to " + (shards - 1);
      }
      if (held.getValue() < 1 || !isNumber(held.getValue())) {
        return "holds names epoch " + held.getValue() + ", must be 1 to " + MAX_NUMBER;
      }
    }
    return null;
  }

  static @Nullable String problem(RouterJoin join, SupervisorSettings settings) {
    String problem =
        first(name("name", join.address().name()), name("target", join.address().target()));
    if (problem != null) {
      return problem;
    }
    if (!isNumber(join.launch())) {
      return "launch must be 0 to " + MAX_NUMBER;
    }
    for (Map.Entry<Slice, Long> known : join.epochs().entrySet()) {
      Slice slice = known.getKey();
      problem = name("group", slice.group());
      if (problem != null) {
        return problem;
      }
      if (slice.shard() < 0 || slice.shard() >= settings.shards() || !isNumber(known.getValue())) {
        return "epochs names what cannot be: " + slice + ", " + known.getValue();
      }
    }
    return null;
  }

  /**
   * Whether what a worker serves contradicts others.
   *
   * @param groups those there are
   * @param isAlone whether no other worker of its group is there, so that it may serve something
   *     else than those before
   */
  static @Nullable String contradiction(WorkerJoin join, List<Group> groups, boolean isAlone) {
    for (Group group : groups) {
      if (!group.name().equals(join.group())) {
        for (String op : join.ops()) {
          if (group.ops().contains(op)) {
            return "op " + op + " is served by group " + group.name();
          }
        }
      } else if (!isAlone && !group.ops().equals(join.ops())) {
        return "the workers of group "
            + group.name()
            + " serve "
            + String.join(", ", group.ops())
            + ", not "
            + String.join(", ", join.ops());
      }
    }
    return null;
  }

  /**
   * Whether the name is another process's.
   *
   * @param ward the worker of the name
   */
  static @Nullable String taken(WorkerJoin join, Ward ward) {
    if (ward.isPresent) {
      return join.incarnation() == 0 && !replaces(join, ward)
          ? "worker " + ward.name + " is there already, as incarnation " + ward.incarnation
          : null;
    }
    if (join.incarnation() > 0 || ward.launching == null) {
      return null;
    }
    Launching launching = ward.launching;
    boolean isLaunched =
        launching.process != null
            ? join.launch() == launching.launch
            : join.launch() > launching.launch;
    return isLaunched ? null : "worker " + ward.name + " is started by the supervisor itself";
  }

  /** Whether it is a later process of the name than the one that is present, or the same anew. */
  private static boolean replaces(WorkerJoin join, Ward ward) {
    return join.launch() > ward.launch
        || (join.launch() == ward.launch && join.pid() != null && join.pid().equals(ward.pid));
  }

  /** Whether it has been a process of the worker that does not count any more. */
  static boolean isFencedAlready(WorkerJoin join, Ward ward) {
    if (join.incarnation() == 0 || ward.is(join.incarnation())) {
      return false;
    }
    boolean isOther =
        ward.launching != null
            && ward.launching.process != null
            && join.launch() != ward.launching.launch;
    return join.incarnation() <= ward.incarnation || isOther;
  }

  private static boolean isNumber(long number) {
    return number >= 0 && number <= MAX_NUMBER;
  }

  private static @Nullable String name(String what, String name) {
    if (name.isEmpty() || name.length() > NAME_BYTES || bytes(name) > NAME_BYTES) {
      return what + " must have 1 to " + NAME_BYTES + " bytes";
    }
    return name.chars().anyMatch(Character::isISOControl)
        ? what + " must not have control characters"
        : null;
  }

  private static int bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }

  private static @Nullable String first(@Nullable String one, @Nullable String other) {
    return one == null ? other : one;
  }
}
