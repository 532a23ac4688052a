package dev.sluice.csp.proof;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A few channels and the calls that are under way on them, as a value: what {@link DualVerifier}
 * takes for right.
 *
 * <pre>
 *          arrives, need not wait
 *   next ---------------------------------------------------------> answered
 *     |                         a partner hands over or takes, close  ^
 *     `-------------> waiting ----------------------------------------+
 *   arrives, must wait        takes itself back (time, interrupt)
 * </pre>
 *
 * <p>Answers are texts. One about a channel begins with its number: {@code 0:sent}, {@code 0:7} (a
 * value received), {@code 0:closed} (a send failed), {@code 0:end} (a receiver saw the end). {@code
 * no}: nothing happened, or not in time; {@code interrupted}: nothing happened for that reason.
 *
 * @param channels the state of each channel
 * @param arrived how many calls of each thread have arrived
 * @param waiting whether the last of them still waits
 */
record DualModel(List<State> channels, List<Integer> arrived, List<Boolean> waiting) {
  static final String NO = "no";
  static final String INTERRUPTED = "interrupted";

  /** The answer of a call that looks. */
  static String stats(int depth, long sent, long received, boolean closed) {
    return depth
        + " deep, "
        + sent
        + " sent, "
        + received
        + " received"
        + (closed ? ", closed" : "");
  }

  /** What a call does. */
  sealed interface Action {}

  /**
   * One of several communications.
   *
   * @param patience what it does when none is ready
   * @param end what it answers at a channel's end; null: that too is a {@code no}
   */
  record Offer(List<Case> cases, Choice choice, Patience patience, @Nullable String end)
      implements Action {}

  record Case(int channel, boolean sends, int value) {
    static Case send(int channel, int value) {
      return new Case(channel, true, value);
    }

    static Case receive(int channel) {
      return new Case(channel, false, 0);
    }
  }

  enum Choice {
    ANY,
    FIRST
  }

  enum Patience {
    NONE,
    LIMITED,
    UNTIL_INTERRUPTED
  }

  record Close(int channel) implements Action {}

  record Drain(int channel, int max) implements Action {}

  record Stats(int channel) implements Action {}

  record IsClosedForSend(int channel) implements Action {}

  record IsClosedForReceive(int channel) implements Action {}

  /**
   * A call of a thread, what it has answered, and how many calls of each thread had answered before
   * it began.
   */
  record Call(Action action, String answer, List<Integer> before) {}

  /** A thread's offer in a queue. */
  record Waiter(int thread, Case offered) {}

  record State(
      int capacity,
      List<Integer> buffer,
      List<Waiter> senders,
      List<Waiter> receivers,
      boolean closed,
      int sent,
      int received) {}

  static DualModel of(List<Integer> capacities) {
    return new DualModel(
        capacities.stream()
            .map(capacity -> new State(capacity, List.of(), List.of(), List.of(), false, 0, 0))
            .toList(),
        List.of(),
        List.of());
  }

  /** The same channels before the next phase. */
  DualModel withThreads(int threads) {
    return new DualModel(
        channels, Collections.nCopies(threads, 0), Collections.nCopies(threads, false));
  }

  boolean hasEnded(List<List<Call>> phase) {
    for (int thread = 0; thread < phase.size(); thread++) {
      if (arrived.get(thread) < phase.get(thread).size() || waiting.get(thread)) {
        return false;
      }
    }
    return true;
  }

  /** Every state that one step leads to in which all have answered as they did. */
  List<DualModel> steps(List<List<Call>> phase) {
    var next = new ArrayList<DualModel>();
    for (int thread = 0; thread < phase.size(); thread++) {
      if (waiting.get(thread)) {
        takeBack(phase, thread, next);
      } else if (arrived.get(thread) < phase.get(thread).size() && mayArrive(phase, thread)) {
        arrive(phase, thread, next);
      }
    }
    return next;
  }

  private boolean mayArrive(List<List<Call>> phase, int thread) {
    List<Integer> before = phase.get(thread).get(arrived.get(thread)).before;
    for (int other = 0; other < before.size(); other++) {
      if (other != thread && answered(other) < before.get(other)) {
        return false;
      }
    }
    return true;
  }

  private int answered(int thread) {
    return arrived.get(thread) - (waiting.get(thread) ? 1 : 0);
  }

  private void takeBack(List<List<Call>> phase, int thread, List<DualModel> next) {
    Call call = phase.get(thread).get(arrived.get(thread) - 1);
    var offer = (Offer) call.action;
    String answer = offer.patience == Patience.LIMITED ? NO : INTERRUPTED;
    if (call.answer.equals(answer)) {
      var copy = new Copy(phase, this);
      copy.forget(thread);
      next.add(copy.done());
    }
  }

  private void arrive(List<List<Call>> phase, int thread, List<DualModel> next) {
    Call call = phase.get(thread).get(arrived.get(thread));
    if (call.action instanceof Offer offer) {
      offer(phase, thread, offer, next);
      if (offer.patience == Patience.UNTIL_INTERRUPTED && call.answer.equals(INTERRUPTED)) {
        next.add(arrived(phase, thread).done()); // it was interrupted before it began
      }
      return;
    }
    var copy = arrived(phase, thread);
    String answer =
        switch (call.action) {
          case Close close -> copy.close(close.channel);
          case Drain drain -> copy.drain(drain);
          case Stats stats -> copy.stats(stats.channel);
          case IsClosedForSend asked -> String.valueOf(channels.get(asked.channel).closed);
          case IsClosedForReceive asked -> {
            State channel = channels.get(asked.channel);
            yield String.valueOf(channel.closed && channel.buffer.isEmpty());
          }
          case Offer _ -> throw new IllegalStateException();
        };
    copy.requireAnswer(thread, answer);
    copy.addTo(next);
  }

  private void offer(List<List<Call>> phase, int thread, Offer offer, List<DualModel> next) {
    boolean ready = false;
    for (Case each : offer.cases) {
      var copy = arrived(phase, thread);
      String outcome = copy.happen(each);
      if (outcome != null) {
        copy.requireAnswer(thread, copy.rendered(thread, outcome));
        copy.addTo(next);
        ready = true;
        if (offer.choice == Choice.FIRST) {
          return;
        }
      }
    }
    if (ready) {
      return;
    }
    var copy = arrived(phase, thread);
    if (offer.patience == Patience.NONE) {
      copy.requireAnswer(thread, NO);
    } else {
      copy.enqueue(thread, offer);
    }
    copy.addTo(next);
  }

  private Copy arrived(List<List<Call>> phase, int thread) {
    var copy = new Copy(phase, this);
    copy.arrived.set(thread, copy.arrived.get(thread) + 1);
    return copy;
  }

  /** A state in the making; impossible once somebody would answer what it has not answered. */
  private static final class Copy {
    private final List<List<Call>> phase;
    private final List<State> channels;
    private final List<Integer> arrived;
    private final List<Boolean> waiting;
    private boolean possible = true;

    Copy(List<List<Call>> phase, DualModel from) {
      this.phase = phase;
      channels = new ArrayList<>(from.channels);
      arrived = new ArrayList<>(from.arrived);
      waiting = new ArrayList<>(from.waiting);
    }

    DualModel done() {
      return new DualModel(List.copyOf(channels), List.copyOf(arrived), List.copyOf(waiting));
    }

    void addTo(List<DualModel> next) {
      if (possible) {
        next.add(done());
      }
    }

    void requireAnswer(int thread, String answer) {
      possible &= current(thread).answer.equals(answer);
    }

    /** The outcome with the channel's number, or what this call says at the end of a channel. */
    String rendered(int thread, String outcome) {
      if (!outcome.endsWith(":end")) {
        return outcome;
      }
      String end = ((Offer) current(thread).action).end;
      return end == null ? NO : outcome.replace("end", end);
    }

    /** Makes the case happen and answers its outcome; null when it would have to wait. */
    @Nullable String happen(Case wanted) {
      int channel = wanted.channel;
      State state = channels.get(channel);
      if (wanted.sends) {
        if (state.closed) {
          return channel + ":closed";
        }
        if (!state.receivers.isEmpty()) {
          count(channel, 1, 1);
          resolve(state.receivers.getFirst().thread, channel + ":" + wanted.value);
          return channel + ":sent";
        }
        if (state.buffer.size() < state.capacity) {
          append(channel, wanted.value);
          return channel + ":sent";
        }
        return null;
      }
      Integer value = take(channel);
      if (value != null) {
        return channel + ":" + value;
      }
      return state.closed ? channel + ":end" : null;
    }

    private @Nullable Integer take(int channel) {
      State state = channels.get(channel);
      Waiter sender = state.senders.isEmpty() ? null : state.senders.getFirst();
      if (state.buffer.isEmpty()) {
        if (sender == null) {
          return null;
        }
        count(channel, 1, 1);
        resolve(sender.thread, channel + ":sent");
        return sender.offered.value;
      }
      int value = state.buffer.getFirst();
      channels.set(
          channel,
          new State(
              state.capacity,
              state.buffer.subList(1, state.buffer.size()),
              state.senders,
              state.receivers,
              state.closed,
              state.sent,
              state.received + 1));
      if (sender != null) {
        append(channel, sender.offered.value);
        resolve(sender.thread, channel + ":sent");
      }
      return value;
    }

    private void append(int channel, int value) {
      State state = channels.get(channel);
      var buffer = new ArrayList<>(state.buffer);
      buffer.add(value);
      channels.set(
          channel,
          new State(
              state.capacity,
              List.copyOf(buffer),
              state.senders,
              state.receivers,
              state.closed,
              state.sent + 1,
              state.received));
    }

    private void count(int channel, int sent, int received) {
      State state = channels.get(channel);
      channels.set(
          channel,
          new State(
              state.capacity,
              state.buffer,
              state.senders,
              state.receivers,
              state.closed,
              state.sent + sent,
              state.received + received));
    }

    void enqueue(int thread, Offer offer) {
      waiting.set(thread, true);
      for (Case each : offer.cases) {
        State state = channels.get(each.channel);
        var waiter = new Waiter(thread, each);
        setQueues(
            each.channel,
            each.sends ? with(state.senders, waiter) : state.senders,
            each.sends ? state.receivers : with(state.receivers, waiter));
      }
    }

    private void resolve(int thread, String outcome) {
      requireAnswer(thread, rendered(thread, outcome));
      forget(thread);
    }

    /** The thread's call has ended: no queue has it any longer. */
    void forget(int thread) {
      waiting.set(thread, false);
      for (int i = 0; i < channels.size(); i++) {
        State state = channels.get(i);
        setQueues(i, without(state.senders, thread), without(state.receivers, thread));
      }
    }

    String close(int channel) {
      State state = channels.get(channel);
      if (state.closed) {
        return "closed already";
      }
      channels.set(
          channel,
          new State(
              state.capacity,
              state.buffer,
              state.senders,
              state.receivers,
              true,
              state.sent,
              state.received));
      state.senders.forEach(waiter -> resolve(waiter.thread, channel + ":closed"));
      state.receivers.forEach(waiter -> resolve(waiter.thread, channel + ":end"));
      return "closes";
    }

    String drain(Drain drain) {
      var drained = new ArrayList<Integer>();
      while (drained.size() < drain.max) {
        Integer value = take(drain.channel);
        if (value == null) {
          break;
        }
        drained.add(value);
      }
      return drained.toString();
    }

    String stats(int channel) {
      State state = channels.get(channel);
      return DualModel.stats(state.buffer.size(), state.sent, state.received, state.closed);
    }

    private Call current(int thread) {
      return phase.get(thread).get(arrived.get(thread) - 1);
    }

    private void setQueues(int channel, List<Waiter> senders, List<Waiter> receivers) {
      State state = channels.get(channel);
      channels.set(
          channel,
          new State(
              state.capacity,
              state.buffer,
              senders,
              receivers,
              state.closed,
              state.sent,
              state.received));
    }

    private static List<Waiter> with(List<Waiter> queue, Waiter added) {
      var longer = new ArrayList<>(queue);
      longer.add(added);
      return List.copyOf(longer);
    }

    private static List<Waiter> without(List<Waiter> queue, int thread) {
      return queue.stream().filter(waiter -> waiter.thread != thread).toList();
    }
  }
}
