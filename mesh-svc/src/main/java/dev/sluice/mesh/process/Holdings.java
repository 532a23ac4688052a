package dev.sluice.mesh.process;

import dev.sluice.csp.Clock;
import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.Rendezvous;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.store.EpochClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which worker holds which slice, and where each is on its way to the next. Owned by the
 * supervisor.
 *
 * <p>A slice moves in steps, so that no two workers ever own it in one epoch: it is asked back from
 * its owner, who hands its state over; it is given to the next with that state and a higher epoch;
 * when that one says that it has it, the routers learn. A fenced owner is not asked: it keeps its
 * old epoch, under which nobody listens to it any more, and the slice is not given to anybody else
 * before its lease has run out or it is known to be dead.
 */
final class Holdings {
  /** The states that are kept for a group without workers: no more characters than these. */
  static final long KEPT_CHARS = 1 << 24;

  private final int shards;
  private final int mostGroups;
  private final Map<String, Ward> wards;
  private final Consumer<RouterOrder> routers;
  private final Consumer<MeshEvent> events;
  private final MeshTrace trace;
  private final Clock clock;
  private final EpochClock time;
  private final SortedMap<String, Held> groups = new TreeMap<>();

  /** The highest epochs that routers know, of groups that are not known here. */
  private final Map<Slice, Long> known = new HashMap<>();

  /** Above all epochs that are known of slices that are not known here any more. */
  private long floor;

  /**
   * Above all epochs that supervisors before this one have given. What they gave last, nobody may
   * have heard of who is still there.
   */
  private final long before;

  /** Whether shards are given yet. */
  private boolean isOpen;

  /** Whether there may have been states before, that nobody has any more. */
  private boolean hasPast;

  private long reassignments;

  /** A group and its slices, by shard. */
  private static final class Held {
    Group group;
    final List<Holding> holdings;
    boolean isGivenUp;

    Held(Group group, List<Holding> holdings) {
      this.group = group;
      this.holdings = holdings;
    }
  }

  /**
   * Of one group, those who can have its shards.
   *
   * @param all in whose hands they may stay
   * @param linked to whom they can be given now
   */
  private record Candidates(List<String> all, List<String> linked) {}

  /**
   * @param mostGroups the most groups whose epochs are remembered before any of their workers came
   * @param wards the workers there are, by name; changed by the supervisor
   * @param before no supervisor before this one has given an epoch above
   * @param routers told to all of them
   */
  Holdings(
      int shards,
      long before,
      int mostGroups,
      Map<String, Ward> wards,
      Consumer<RouterOrder> routers,
      Consumer<MeshEvent> events,
      MeshTrace trace,
      Clock clock,
      EpochClock time) {
    this.shards = shards;
    this.before = before;
    this.mostGroups = mostGroups;
    this.wards = wards;
    this.routers = routers;
    this.events = events;
    this.trace = trace;
    this.clock = clock;
    this.time = time;
  }

  // What there is

  List<Group> groups() {
    return groups.values().stream().map(held -> held.group).toList();
  }

  @Nullable Group group(String name) {
    Held held = groups.get(name);
    return held == null ? null : held.group;
  }

  boolean isOpen() {
    return isOpen;
  }

  /** Whether anything is known of a time before this supervisor's. */
  boolean hasPast() {
    return hasPast;
  }

  /** All that a router has to know that has just joined. */
  List<RouterOrder> news() {
    var news = new ArrayList<RouterOrder>();
    news.add(new RouterOrder.Groups(groups()));
    all().filter(Holding::isServed).forEach(holding -> news.add(route(holding)));
    for (Held held : groups.values()) {
      if (held.isGivenUp) {
        news.add(new RouterOrder.GiveUp(held.group.name()));
      }
    }
    return news;
  }

  List<MeshView.Shard> view() {
    return all()
        .map(holding -> {
          Ward owner = holding.phase == Holding.Phase.OWNED ? holding.holder : null;
          return new MeshView.Shard(
              holding.slice, owner == null ? null : owner.name, holding.epoch);
        })
        .toList();
  }

  long reassignments() {
    return reassignments;
  }

  boolean holdsAny(Ward ward) {
    return all().anyMatch(holding -> holding.isHeldBy(ward));
  }

  // Groups and routers

  /** A worker says that it serves these; that this contradicts nothing has been seen to. */
  void join(String name, SortedSet<String> ops) {
    var group = new Group(name, ops);
    Held held = groups.get(name);
    if (held == null) {
      groups.put(name, new Held(group, slices(name)));
    } else if (held.group.equals(group) && !held.isGivenUp) {
      return;
    } else {
      held.group = group;
      held.isGivenUp = false;
    }
    routers.accept(new RouterOrder.Groups(groups()));
  }

  private List<Holding> slices(String group) {
    return IntStream.range(0, shards)
        .mapToObj(shard -> {
          var holding = new Holding(new Slice(group, shard));
          Long told = known.remove(holding.slice);
          holding.known = Math.max(floor, told == null ? 0 : told);
          return holding;
        })
        .toList();
  }

  /** No worker of it is known any more: its epochs stay so far that they go on growing. */
  void forget(String group) {
    Held held = groups.remove(group);
    if (held != null) {
      held.holdings.forEach(each -> floor = Math.max(floor, Math.max(each.epoch, each.known)));
      hasPast = true;
      routers.accept(new RouterOrder.Groups(groups()));
    }
  }

  /** Nobody will serve the group again. */
  void giveUp(String group) {
    Held held = groups.get(group);
    if (held != null && !held.isGivenUp) {
      held.isGivenUp = true;
      routers.accept(new RouterOrder.GiveUp(group));
    }
  }

  /**
   * A router tells what it knows.
   *
   * @param hasHistory whether it has had requests before
   */
  void know(Map<Slice, Long> epochs, boolean hasHistory) {
    if (!isOpen) {
      hasPast |= hasHistory || !epochs.isEmpty();
    }
    epochs.forEach((slice, epoch) -> {
      Held held = groups.get(slice.group());
      if (held != null) {
        Holding holding = held.holdings.get(slice.shard());
        holding.known = Math.max(holding.known, epoch);
      } else if (known.size() < mostGroups * shards || known.containsKey(slice)) {
        known.merge(slice, epoch, Math::max);
      } else {
        floor = Math.max(floor, epoch);
      }
    });
  }

  /** From now on slices are given. */
  void open() {
    isOpen = true;
    settleAll();
  }

  // What workers say

  /**
   * A process that had joined before says what it holds: of what is its it goes on with what it
   * still has, and has lost the rest; what nobody else holds is its again; the rest it is told to
   * let go.
   *
   * @param isFromBefore whether a supervisor before this one had given it that
   */
  void compare(Ward ward, Map<Integer, Long> holds, boolean isFromBefore) {
    hasPast |= isFromBefore && !holds.isEmpty();
    for (Holding holding : of(ward)) {
      Long held = holds.get(holding.shard());
      if (!holding.isHeldBy(ward)) {
        if (held != null) {
          claim(holding, ward, held);
        }
      } else if (held != null && held == holding.epoch) {
        goOn(holding, ward);
      } else {
        lose(holding, ward.id(), clock.nanos());
        if (held != null) {
          takeAway(holding, ward, held);
        }
      }
    }
  }

  private void goOn(Holding holding, Ward ward) {
    switch (holding.phase) {
      case GIVEN -> took(holding);
      case RECALLED -> {
        holding.recall(clock.nanos());
        ward.tell(new WorkerOrder.Release(holding.shard(), holding.epoch), clock.nanos());
      }
      case OWNED, FREE, LAPSING -> {}
    }
  }

  /** It holds what is not its, as far as is known here: a supervisor before has given it. */
  private void claim(Holding holding, Ward ward, long held) {
    Ward other = holding.holder;
    boolean isLatest = held >= Math.max(holding.epoch, holding.known);
    if (holding.phase == Holding.Phase.FREE && holding.state == null && isLatest) {
      adopt(holding, ward, held);
    } else if (!isOpen && other != null && held > holding.epoch) {
      ward.leaseFrom = Math.max(ward.leaseFrom, other.leaseUntil);
      takeAway(holding, other, holding.epoch);
      adopt(holding, ward, held);
    } else {
      holding.known = Math.max(holding.known, held);
      takeAway(holding, ward, held);
    }
  }

  private void adopt(Holding holding, Ward ward, long epoch) {
    holding.adoptedBy(ward, epoch);
    served(holding);
  }

  private void takeAway(Holding holding, Ward ward, long epoch) {
    ward.strays.put(holding.shard(), epoch);
    ward.strayedAt = clock.nanos();
    ward.tell(new WorkerOrder.Release(holding.shard(), epoch), clock.nanos());
  }

  /** A worker has taken over a slice; what does not count any more is passed over. */
  void owned(Ward ward, int shard, long epoch) {
    Holding holding = find(ward, shard);
    if (holding != null && holding.isHeldBy(ward, epoch) && holding.phase == Holding.Phase.GIVEN) {
      took(holding);
      settle(holding, candidates(holding.slice.group()));
    }
  }

  /**
   * A worker has let go of a slice; as above.
   *
   * @return whether it had been asked to
   */
  boolean released(Ward ward, int shard, long epoch, ShardState state) {
    Holding holding = find(ward, shard);
    if (holding == null) {
      return true;
    }
    if (!holding.isHeldBy(ward, epoch)) {
      ward.strays.remove(shard, epoch);
      return true;
    }
    if (holding.phase != Holding.Phase.RECALLED) {
      return false;
    }
    trace.step(holding.slice, new MeshStep.Release(ward.id(), epoch));
    holding.released(state);
    settle(holding, candidates(holding.slice.group()));
    if (holding.phase == Holding.Phase.FREE) {
      keep(holding, state);
    }
    return true;
  }

  /** Nobody is there to take it: the state stays here, if that does not become too much. */
  private void keep(Holding holding, ShardState state) {
    holding.keptChars = chars(state);
    if (all().mapToLong(each -> each.keptChars).sum() > KEPT_CHARS) {
      holding.keptChars = 0;
      holding.state = null;
    }
  }

  private static long chars(ShardState state) {
    long chars = 0;
    for (var each : state.states().entrySet()) {
      chars += each.getKey().op().length() + each.getKey().key().length();
      chars += each.getValue().state().length();
    }
    for (var each : state.answered().entrySet()) {
      chars += each.getKey().length() + each.getValue().reply().length();
    }
    return chars;
  }

  private void took(Holding holding) {
    holding.taken();
    served(holding);
  }

  private void served(Holding holding) {
    Ward owner = Objects.requireNonNull(holding.holder);
    routers.accept(route(holding));
    events.accept(new MeshEvent.ShardOwned(holding.slice, owner.id(), holding.epoch));
  }

  private static RouterOrder.Route route(Holding holding) {
    Ward owner = Objects.requireNonNull(holding.holder);
    return new RouterOrder.Route(holding.slice, owner.id(), holding.epoch);
  }

  // Fences and time

  /**
   * The ward's process is fenced. To be called before anybody is told.
   *
   * @param until when it surely does nothing any more
   */
  void fenced(Ward ward, long until) {
    for (Holding holding : of(ward)) {
      if (holding.isHeldBy(ward)) {
        lose(holding, ward.id(), until);
      }
    }
  }

  private void lose(Holding holding, WorkerId whose, long until) {
    trace.step(holding.slice, new MeshStep.Fence(whose, holding.epoch));
    holding.lapses(whose, until);
    if (until - clock.nanos() <= 0) {
      holding.free();
    }
  }

  /** A fenced process has surely ended. */
  void died(WorkerId process) {
    all().filter(each -> process.equals(each.former)).forEach(Holding::free);
    settleAll();
  }

  /** Gives what is free by now. */
  void lapse() {
    long now = clock.nanos();
    List<Holding> lapsed =
        all()
            .filter(each -> each.phase == Holding.Phase.LAPSING && now - each.freeAt >= 0)
            .toList();
    lapsed.forEach(Holding::free);
    if (!lapsed.isEmpty()) {
      settleAll();
    }
  }

  /** When next a lapsing slice is free; {@code latest} if none is before. */
  long nextFree(long latest) {
    long next = latest;
    for (Held held : groups.values()) {
      for (Holding holding : held.holdings) {
        if (holding.phase == Holding.Phase.LAPSING && holding.freeAt - next < 0) {
          next = holding.freeAt;
        }
      }
    }
    return next;
  }

  /** What the ward owes an answer for the longest, of those in that phase; null when nothing. */
  @Nullable Holding owed(Ward ward, Holding.Phase phase) {
    Holding oldest = null;
    for (Holding holding : of(ward)) {
      if (holding.isHeldBy(ward)
          && holding.phase == phase
          && (oldest == null || holding.toldAt - oldest.toldAt < 0)) {
        oldest = holding;
      }
    }
    return oldest;
  }

  // Where slices belong

  void settleAll() {
    if (isOpen) {
      for (Held held : groups.values()) {
        Candidates candidates = candidates(held.group.name());
        held.holdings.forEach(holding -> settle(holding, candidates));
      }
    }
  }

  private Candidates candidates(String group) {
    var all = new ArrayList<String>();
    var linked = new ArrayList<String>();
    for (Ward ward : wards.values()) {
      if (ward.isCandidate() && ward.group.equals(group)) {
        all.add(ward.name);
        if (ward.isLinked()) {
          linked.add(ward.name);
        }
      }
    }
    return new Candidates(all, linked);
  }

  /** Takes the next step to where the slice belongs; those that wait for a report come later. */
  private void settle(Holding holding, Candidates candidates) {
    if (!isOpen) {
      return;
    }
    switch (holding.phase) {
      case FREE ->
          Rendezvous.owner(holding.shard(), candidates.linked)
              .ifPresent(best -> give(holding, ward(best)));
      case OWNED -> {
        Ward holder = Objects.requireNonNull(holding.holder);
        if (holder.isLinked() && hasToGo(holding, holder, candidates)) {
          holding.recall(clock.nanos());
          holder.tell(new WorkerOrder.Release(holding.shard(), holding.epoch), clock.nanos());
        }
      }
      case GIVEN, RECALLED, LAPSING -> {}
    }
  }

  private static boolean hasToGo(Holding holding, Ward holder, Candidates candidates) {
    if (!holder.isCandidate() || holding.isOutdated()) {
      return true;
    }
    String best = Rendezvous.owner(holding.shard(), candidates.all).orElse(holder.name);
    return !best.equals(holder.name) && candidates.linked.contains(best);
  }

  private void give(Holding holding, Ward ward) {
    if (holding.wasGiven) {
      reassignments++;
    }
    holding.giveTo(ward, before, stateFor(holding), clock.nanos());
    trace.step(holding.slice, new MeshStep.Own(ward.id(), holding.epoch));
    ward.tell(
        new WorkerOrder.Own(holding.shard(), holding.epoch, Objects.requireNonNull(holding.state)),
        clock.nanos());
  }

  private ShardState stateFor(Holding holding) {
    if (holding.state != null) {
      return holding.state;
    }
    boolean isNew = !holding.wasGiven && !hasPast;
    return isNew ? ShardState.EMPTY : ShardState.lost(Instant.EPOCH.plusNanos(time.nanos()));
  }

  private @Nullable Holding find(Ward ward, int shard) {
    List<Holding> its = of(ward);
    return shard < 0 || shard >= its.size() ? null : its.get(shard);
  }

  private List<Holding> of(Ward ward) {
    Held held = groups.get(ward.group);
    return held == null ? List.of() : held.holdings;
  }

  private Ward ward(String name) {
    return Objects.requireNonNull(wards.get(name), name);
  }

  private Stream<Holding> all() {
    return groups.values().stream().flatMap(held -> held.holdings.stream());
  }
}
