package dev.sluice.csp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a thread does, as far as another can see it from what the thread is parked on. The thread
 * goes on meanwhile, so it may be over when it is told.
 */
sealed interface Doing {

  /** It does not wait. */
  record Runs() implements Doing {
    @Override
    public @Nullable String waitsFor() {
      return null;
    }
  }

  /**
   * It waits for the first of several communications.
   *
   * @param text how the operation names itself
   * @param offers one for a plain send or receive
   * @param limited whether the time ends the wait too
   * @param lasts whether it is seen to be parked, without a limit and not interrupted
   */
  record Communicates(String text, List<Offer> offers, boolean limited, boolean lasts)
      implements Doing {
    @Override
    public String waitsFor() {
      return text;
    }
  }

  /** It waits for the end of a scope. */
  record Joins(Scope scope) implements Doing {
    @Override
    public String waitsFor() {
      return "the end of scope " + scope;
    }
  }

  /** It waits for something that is none of this library's. */
  record WaitsElsewhere(String waitsFor) implements Doing {}

  /** One communication that a thread waits for. */
  record Offer(Channel<?> channel, boolean sends) {}

  /** For people; null when it does not wait. */
  @Nullable String waitsFor();

  /** What {@code thread} does now. */
  static Doing of(Thread thread) {
    @Nullable Object blocker = LockSupport.getBlocker(thread);
    Thread.State state = thread.getState();
    boolean limited = blocker instanceof Deadline || state == Thread.State.TIMED_WAITING;
    boolean lasts = state == Thread.State.WAITING && !limited && !thread.isInterrupted();
    return switch (blocker instanceof Deadline deadline ? deadline.waitsOn() : blocker) {
      case Waiter waiter ->
          new Communicates(
              text(waiter, limited),
              List.of(new Offer(waiter.channel, waiter.sends)),
              limited,
              lasts);
      case Select select ->
          new Communicates(text(select, limited), offersOf(select), limited, lasts);
      case null ->
          switch (state) {
            case WAITING, TIMED_WAITING -> new WaitsElsewhere("waiting");
            case BLOCKED -> new WaitsElsewhere("a monitor");
            case NEW, RUNNABLE, TERMINATED -> new Runs();
          };
      case Object other -> new WaitsElsewhere(nameOf(other.getClass()));
    };
  }

  private static String text(Object operation, boolean limited) {
    return operation + (limited ? ", with a time limit" : "");
  }

  private static List<Offer> offersOf(Select select) {
    var offers = new ArrayList<Offer>();
    for (Select.ChannelCase each : select.waitingOn()) {
      @Nullable Channel<?> channel = each.channel;
      if (channel != null) {
        offers.add(new Offer(channel, each instanceof Select.SendCase<?>));
      }
    }
    return List.copyOf(offers);
  }

  /** What a blocker is part of says more than its own name, which its owner keeps to itself. */
  private static String nameOf(Class<?> blocker) {
    @Nullable Class<?> outer = blocker.getEnclosingClass();
    return outer == null ? blocker.getSimpleName() : nameOf(outer);
  }
}
