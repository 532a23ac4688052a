package dev.sluice.csp;

import dev.sluice.csp.Activity.Direction;
import dev.sluice.csp.Activity.Wait;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A look at all processes that live in this JVM. It costs the processes nothing until it is asked
 * for.
 */
public final class Processes {
  private Processes() {}

  /**
   * Who lives, since when, and what each waits for, as text: {@link Snapshot#toText} of a {@link
   * #snapshot}.
   *
   * @return empty when no scope is open
   */
  public static String dump() {
    return snapshot().toText();
  }

  /**
   * Who lives, since when, and what each waits for; with the named channels and what they hold, and
   * the deadlocks. Safe on any thread: it takes the locks of scopes and channels one by one, for
   * moments.
   *
   * <p>The processes go on meanwhile, so what is said of one and of another may be of different
   * moments. What is said of {@linkplain Stall stalls} is of one.
   *
   * @return what was seen; it does not change any more
   */
  public static Snapshot snapshot() {
    return new Picture(World.look()).snapshot();
  }

  /**
   * The open scopes that are not inside another.
   *
   * @return in the order of their opening
   */
  public static List<Scope> scopes() {
    return Scope.roots();
  }

  /** Turns what was seen into what is told, giving out the ids. */
  private static final class Picture {
    private final World world;
    private final Map<Channel<?>, ChannelSnapshot> channels = new HashMap<>();
    private final Map<Thread, Stall.Stuck> processes = new HashMap<>();
    private int scopes;

    Picture(World world) {
      this.world = world;
    }

    Snapshot snapshot() {
      world.roots.forEach(root -> root.visit(this::showChannels));
      var roots = world.roots.stream().map(this::show).toList();
      return new Snapshot(roots, Stalls.find(world).stream().map(this::show).toList());
    }

    private void showChannels(ScopeLook scope) {
      scope.channels().forEach(channel -> show(channel, scope.ports().contains(channel)));
    }

    private ChannelSnapshot show(Channel<?> channel, boolean port) {
      return channels.computeIfAbsent(
          channel,
          _ -> new ChannelSnapshot("c" + (channels.size() + 1), port, world.stats(channel)));
    }

    private ScopeSnapshot show(ScopeLook look) {
      String id = "s" + ++scopes;
      List<ProcessSnapshot> living = new ArrayList<>();
      look.processes().forEach(process -> living.add(show(process)));
      return new ScopeSnapshot(
          id,
          look.scope().name(),
          look.scope().since(),
          look.cancelled(),
          look.channels().stream().map(channel -> show(channel, false)).toList(),
          List.copyOf(living),
          look.inside().stream().map(this::show).toList());
    }

    private ProcessSnapshot show(Process process) {
      Activity activity = show(world.doing(process.thread()));
      String id = "p" + (processes.size() + 1);
      processes.put(
          process.thread(), new Stall.Stuck(process.name(), process.scope().name(), id, activity));
      return new ProcessSnapshot(id, process.name(), process.since(), activity);
    }

    private Activity show(Doing doing) {
      return switch (doing) {
        case Doing.Runs() -> new Activity.Runs();
        case Doing.Communicates waits ->
            new Activity.Communicates(
                waits.offers().stream().map(this::show).toList(), waits.limited());
        case Doing.Joins(Scope scope) -> new Activity.Joins(scope.name());
        case Doing.WaitsElsewhere(String what) -> new Activity.WaitsElsewhere(what);
      };
    }

    private Wait show(Doing.Offer offer) {
      return new Wait(
          offer.sends() ? Direction.SEND : Direction.RECEIVE, show(offer.channel(), false));
    }

    private Stall show(Stalls.Found found) {
      return new Stall(
          found.stuck().stream().map(this::stuck).toList(),
          found.wakers().stream().map(this::waker).toList());
    }

    private Stall.Stuck stuck(Thread thread) {
      Stall.@Nullable Stuck process = processes.get(thread);
      return process != null
          ? process
          : new Stall.Stuck(nameOf(thread), null, null, show(world.doing(thread)));
    }

    private String waker(Thread thread) {
      Stall.@Nullable Stuck process = processes.get(thread);
      return process != null
          ? "process " + process.name() + " of scope " + process.scope()
          : "thread " + nameOf(thread);
    }

    private static String nameOf(Thread thread) {
      return thread.getName().isEmpty() ? "#" + thread.threadId() : thread.getName();
    }
  }
}
