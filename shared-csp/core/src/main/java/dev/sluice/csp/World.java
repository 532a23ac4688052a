package dev.sluice.csp;

import dev.sluice.csp.Channel.Reading;
import dev.sluice.csp.Doing.Communicates;
import dev.sluice.csp.Doing.Joins;
import dev.sluice.csp.Doing.Offer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All scopes, what each process and opener does, and the channels, read before and after. That is
 * what makes it sound to reason about them: when between the two readings of a channel nothing was
 * carried and no wait began, and at both it holds just the offers that we know, then all these
 * offers were there without a break. So there is one instant at which those of all such channels
 * were; and who made them has done nothing else meanwhile, such as to start a process.
 */
final class World {
  /** The open scopes that are not inside another. */
  final List<ScopeLook> roots;

  /** What each process's thread and each opener's does. */
  private final Map<Thread, Doing> doings = new LinkedHashMap<>();

  private final Map<Channel<?>, Reading> before;
  private final Map<Channel<?>, Reading> after = new HashMap<>();

  /** Who waits on a channel, once for each offer. */
  private final Map<Channel<?>, List<Thread>> senders = new HashMap<>();

  private final Map<Channel<?>, List<Thread>> receivers = new HashMap<>();

  private World(Map<Channel<?>, Reading> before, List<ScopeLook> roots) {
    this.before = before;
    this.roots = roots;
  }

  static World look() {
    var before = new HashMap<Channel<?>, Reading>();
    for (Scope root : Scope.roots()) {
      root.look().visit(scope -> scope.channels().forEach(each -> before.put(each, each.read())));
    }
    var world = new World(before, Scope.roots().stream().map(Scope::look).toList());
    world.seeDoings();
    world.readChannels();
    return world;
  }

  Doing doing(Thread thread) {
    return Objects.requireNonNull(doings.get(thread));
  }

  ChannelStats stats(Channel<?> channel) {
    return reading(channel).stats();
  }

  private Reading reading(Channel<?> channel) {
    return after.computeIfAbsent(channel, Channel::read);
  }

  /** Whether all that waits on the channel is known, and has waited while we looked. */
  boolean isSteady(Channel<?> channel) {
    ChannelStats stats = stats(channel);
    return reading(channel).equals(before.get(channel))
        && stats.waitingSenders() == waiting(senders, channel).size()
        && stats.waitingReceivers() == waiting(receivers, channel).size();
  }

  /** Who was seen to wait on the channel, in either direction. */
  List<Thread> waitingOn(Channel<?> channel) {
    var all = new ArrayList<>(waiting(senders, channel));
    all.addAll(waiting(receivers, channel));
    return all;
  }

  private void seeDoings() {
    var joins = new HashMap<Thread, Scope>();
    for (ScopeLook root : roots) {
      root.visit(scope -> scope.joining().forEach(each -> joins.put(each, scope.scope())));
    }
    for (ScopeLook root : roots) {
      root.visit(scope -> {
        see(scope.opener(), joins);
        scope.processes().forEach(process -> see(process.thread(), joins));
      });
    }
  }

  private void see(Thread thread, Map<Thread, Scope> joins) {
    if (doings.containsKey(thread)) {
      return;
    }
    @Nullable Scope joined = joins.get(thread);
    Doing doing = joined == null ? Doing.of(thread) : new Joins(joined);
    doings.put(thread, doing);
    if (doing instanceof Communicates waits) {
      for (Offer offer : waits.offers()) {
        (offer.sends() ? senders : receivers)
            .computeIfAbsent(offer.channel(), _ -> new ArrayList<>())
            .add(thread);
      }
    }
  }

  private void readChannels() {
    roots.forEach(root -> root.visit(scope -> scope.channels().forEach(this::reading)));
  }

  private static List<Thread> waiting(Map<Channel<?>, List<Thread>> those, Channel<?> channel) {
    return those.getOrDefault(channel, List.of());
  }
}
