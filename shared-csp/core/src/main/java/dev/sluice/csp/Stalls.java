package dev.sluice.csp;

import dev.sluice.csp.Doing.Communicates;
import dev.sluice.csp.Doing.Joins;
import dev.sluice.csp.Doing.Offer;
import dev.sluice.csp.Doing.Runs;
import dev.sluice.csp.Doing.WaitsElsewhere;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds who waits for each other: {@link Stall} says what that means. It begins with all that might
 * and takes away, until nothing changes, those whom somebody outside can wake; what is left is the
 * greatest set that its own members cannot move.
 */
final class Stalls {

  /** Those of one tree that stand in a stall, and who can wake them. */
  record Found(List<Thread> stuck, List<Thread> wakers) {}

  /**
   * Where a scope or a channel belongs.
   *
   * @param scope its scope
   * @param root the scope around it that is not inside another
   * @param ends whether a deadline will cancel the scope
   */
  private record Place(ScopeLook scope, ScopeLook root, boolean ends) {}

  private final World world;
  private final Map<Scope, Place> scopes = new HashMap<>();
  private final Map<Channel<?>, Place> channels = new HashMap<>(); // no ports
  private final Map<Channel<?>, Place> dones = new HashMap<>();
  private final Set<Thread> ending = new HashSet<>(); // a deadline will interrupt them
  private final Set<Thread> stuck = new HashSet<>();

  // What was found in the present pass, so that each is asked for once.
  private final Map<Scope, Living> livings = new HashMap<>();
  private final Map<Channel<?>, Boolean> heldChannels = new HashMap<>();

  /** Whether all, and whether some, of the living processes of a scope and inside are stuck. */
  private record Living(boolean all, boolean some) {}

  private Stalls(World world) {
    this.world = world;
    world.roots.forEach(root -> learn(root, root, false));
    world.roots.stream().flatMap(Stalls::everybody).filter(this::mightBeStuck).forEach(stuck::add);
    while (stuck.removeIf(thread -> !isHeld(thread))) { // whom these can wake goes next
      livings.clear();
      heldChannels.clear();
    }
  }

  static List<Found> find(World world) {
    var stalls = new Stalls(world);
    return world.roots.stream().map(stalls::found).filter(found -> !found.stuck.isEmpty()).toList();
  }

  private void learn(ScopeLook scope, ScopeLook root, boolean endsAround) {
    var place = new Place(scope, root, endsAround || scope.ends());
    scopes.put(scope.scope(), place);
    dones.put(scope.done(), place);
    scope.channels().stream()
        .filter(channel -> !scope.ports().contains(channel))
        .forEach(channel -> channels.put(channel, place));
    if (place.ends) {
      scope.processes().forEach(process -> ending.add(process.thread()));
    }
    scope.inside().forEach(inside -> learn(inside, root, place.ends));
  }

  private boolean mightBeStuck(Thread thread) {
    return !ending.contains(thread)
        && switch (world.doing(thread)) {
          case Communicates waits ->
              waits.lasts()
                  && waits.offers().stream().anyMatch(offer -> !isDone(offer))
                  && waits.offers().stream().allMatch(this::mightNeverHappen);
          case Joins(Scope scope) -> lasts(scopes.get(scope));
          case Runs _, WaitsElsewhere _ -> false;
        };
  }

  private boolean mightNeverHappen(Offer offer) {
    return isDone(offer)
        ? lasts(dones.get(offer.channel()))
        : channels.containsKey(offer.channel()) && world.isSteady(offer.channel());
  }

  private static boolean lasts(@Nullable Place place) {
    return place != null && !place.ends;
  }

  private boolean isHeld(Thread thread) {
    return switch (world.doing(thread)) {
      case Communicates waits ->
          waits.offers().stream()
              .allMatch(offer ->
                  isDone(offer) || heldChannels.computeIfAbsent(offer.channel(), this::isHeld));
      case Joins(Scope scope) -> living(place(scope).scope).some;
      case Runs _, WaitsElsewhere _ -> false;
    };
  }

  private Place place(Scope scope) {
    return Objects.requireNonNull(scopes.get(scope));
  }

  private boolean isDone(Offer offer) {
    return dones.containsKey(offer.channel());
  }

  /** Whether all who use the channel are stuck. */
  private boolean isHeld(Channel<?> channel) {
    return living(Objects.requireNonNull(channels.get(channel)).scope).all
        && world.waitingOn(channel).stream().allMatch(stuck::contains);
  }

  private Living living(ScopeLook look) {
    @Nullable Living known = livings.get(look.scope());
    if (known != null) {
      return known;
    }
    boolean all = true;
    boolean some = false;
    for (Process process : look.processes()) {
      boolean isStuck = stuck.contains(process.thread());
      all &= isStuck;
      some |= isStuck;
    }
    for (ScopeLook inside : look.inside()) {
      Living there = living(inside);
      all &= there.all;
      some |= there.some;
    }
    var found = new Living(all, some);
    livings.put(look.scope(), found);
    return found;
  }

  private Found found(ScopeLook root) {
    var members = new LinkedHashSet<Thread>();
    processes(root).filter(stuck::contains).forEach(members::add);
    if (!members.isEmpty()) {
      openers(root).filter(stuck::contains).forEach(members::add);
    }
    List<Thread> wakers =
        Stream.concat(Stream.of(root.scope()), members.stream().flatMap(this::treesWaitedOn))
            .distinct()
            .flatMap(tree -> everybody(place(tree).scope))
            .distinct()
            .filter(thread -> !stuck.contains(thread) && thread.isAlive())
            .toList();
    return new Found(List.copyOf(members), wakers);
  }

  /** A process may wait on channels of another tree too. */
  private Stream<Scope> treesWaitedOn(Thread thread) {
    return world.doing(thread) instanceof Communicates waits
        ? waits.offers().stream()
            .flatMap(offer -> Stream.ofNullable(channels.get(offer.channel())))
            .map(place -> place.root.scope())
        : Stream.empty();
  }

  private static Stream<Thread> everybody(ScopeLook scope) {
    return Stream.concat(processes(scope), openers(scope));
  }

  /** The processes here and in the scopes inside. */
  private static Stream<Thread> processes(ScopeLook scope) {
    return Stream.concat(
        scope.processes().stream().map(Process::thread),
        scope.inside().stream().flatMap(Stalls::processes));
  }

  private static Stream<Thread> openers(ScopeLook scope) {
    return Stream.concat(
        Stream.of(scope.opener()), scope.inside().stream().flatMap(Stalls::openers));
  }
}
