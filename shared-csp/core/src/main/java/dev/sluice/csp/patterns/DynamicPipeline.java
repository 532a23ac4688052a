package dev.sluice.csp.patterns;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Process;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.patterns.Stages.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * A pipeline whose stages change while values flow: {@link #push} adds one at the end, {@link #pop}
 * removes the last. Values stay in order, none is lost and none goes through a stage twice.
 *
 * <pre>
 *             push, pop
 *                 v
 *   in --> [entry] --> [stage 1] --> [stage 2] --> [exit] --> output
 * </pre>
 *
 * <p>A change travels among the values, as one more message. So there is one answer to which values
 * it applies to: those that the pipeline takes in after the call has returned, and not those that
 * were in it before. The stage that is last starts the new one when the change comes by. The last
 * but one lets the last go: it waits until that has sent on what it had, and only then sends past
 * it.
 *
 * <p>Each stage is a process that owns its {@link Step}; what a step throws fails the scope. {@code
 * push} and {@code pop} may be called by any thread, also while the output is full and nobody
 * receives. The output ends after the input has ended; it ends too when the scope is cancelled, and
 * then what is in the pipeline is dropped.
 *
 * @param <T> what goes in, from stage to stage, and out
 */
public final class DynamicPipeline<T> {
  /** The most stages that a pipeline may have: the channels of all positions are made at once. */
  public static final int MAX_STAGES = 1_000;

  /** What goes from stage to stage; a position counts from 1. */
  private sealed interface Message<T> {
    record Item<T>(T value) implements Message<T> {
      public Item {
        Objects.requireNonNull(value, "null is not a value");
      }
    }

    record Push<T>(int position, String stage, Step<? super T, ? extends T> step)
        implements Message<T> {}

    record Pop<T>(int position) implements Message<T> {}

    record End<T>() implements Message<T> {}
  }

  /** What callers ask of the entry. */
  private sealed interface Change<T> {
    record Push<T>(String stage, Step<? super T, ? extends T> step, Reply<Boolean> accepted)
        implements Change<T> {}

    record Pop<T>(Reply<Boolean> accepted) implements Change<T> {}
  }

  private final Scope scope;
  private final String name;
  private final int maxStages;
  private final ReceiveChannel<T> in;
  private final Channel<Change<T>> changes;
  private final Channel<T> output;

  /** Where the last stage sends to. */
  private final Channel<Message<T>> exit;

  /** Where the stage of each position takes from; used by one stage after another. */
  private final List<Channel<Message<T>>> inboxes;

  // Owned by the entry.
  private final Deque<Message<T>> waiting = new ArrayDeque<>();
  private int stages;

  private DynamicPipeline(
      Scope scope, String name, int capacity, int maxStages, ReceiveChannel<T> in) {
    this.scope = scope;
    this.name = name;
    this.maxStages = maxStages;
    this.in = Objects.requireNonNull(in);
    this.output = scope.channel(name, capacity);
    this.changes = scope.port(name + ".changes", 0); // any thread may ask
    this.exit = scope.channel(name + ".exit", capacity);
    var positions = new ArrayList<Channel<Message<T>>>(maxStages + 1);
    for (int position = 0; position <= maxStages; position++) {
      positions.add(scope.channel(name + "." + position, capacity));
    }
    this.inboxes = List.copyOf(positions);
  }

  /**
   * Starts a pipeline without a stage: what comes in goes out.
   *
   * @param <T> what goes in and out
   * @param scope where its processes live
   * @param name what the names of its processes and channels begin with; that of the output
   * @param capacity of the output and of the channels between the stages; 0 for a rendezvous
   * @param maxStages how many stages it has at most; 1 to {@value #MAX_STAGES}
   * @param in where the values come from
   * @return the pipeline, which runs already
   * @throws IllegalArgumentException {@code maxStages} is out of its range, {@code capacity} is
   *     negative, or the name is taken
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T> DynamicPipeline<T> start(
      Scope scope, String name, int capacity, int maxStages, ReceiveChannel<T> in) {
    if (maxStages < 1 || maxStages > MAX_STAGES) {
      throw new IllegalArgumentException(
          "maxStages is " + maxStages + ", must be 1 to " + MAX_STAGES);
    }
    var pipeline = new DynamicPipeline<>(scope, name, capacity, maxStages, in);
    scope.start(name + ".exit", pipeline::leave);
    scope.start(name + ".0", () -> pipeline.stage(0, value -> value));
    scope.start(name + ".entry", pipeline::enter);
    return pipeline;
  }

  /**
   * Adds a stage at the end. Every value that is taken in after the call has returned goes through
   * it.
   *
   * @param stage the name of its process
   * @param step called by its process only
   * @return false when there are as many stages as there may be; nothing has changed then
   * @throws InterruptedException this thread was interrupted; nothing has changed
   * @throws dev.sluice.csp.ChannelClosedException the input has ended, or the scope is cancelled
   */
  public boolean push(String stage, Step<? super T, ? extends T> step) throws InterruptedException {
    var accepted = new Reply<Boolean>();
    changes.send(
        new Change.Push<>(Objects.requireNonNull(stage), Objects.requireNonNull(step), accepted));
    return accepted.await();
  }

  /**
   * Removes the last stage. No value that is taken in after the call has returned goes through it;
   * those that are in the pipeline do, and then its process ends.
   *
   * @return false when there is no stage
   * @throws InterruptedException this thread was interrupted; nothing has changed
   * @throws dev.sluice.csp.ChannelClosedException the input has ended, or the scope is cancelled
   */
  public boolean pop() throws InterruptedException {
    var accepted = new Reply<Boolean>();
    changes.send(new Change.Pop<>(accepted));
    return accepted.await();
  }

  /** {@return where the values arrive after the last stage} */
  public ReceiveChannel<T> output() {
    return output;
  }

  /**
   * Takes in values and changes, and sends them on in that order. A change is taken in also while a
   * value waits for room; so few of them can wait that they need no bound of their own: see {@link
   * #addStage} and {@link #removeStage}.
   */
  private void enter() throws InterruptedException {
    var select = Select.fair();
    var change = select.receive(changes);
    var value = select.receive(in);
    var first = select.<Message<T>>send(null);
    boolean ended = false;
    try {
      while (!ended || !waiting.isEmpty()) {
        change.from(ended ? null : changes); // else its end would come again and again
        value.from(waiting.isEmpty() ? in : null);
        offerTo(inboxes.getFirst(), first);
        Select.Case happened = select.await();
        if (happened == change) {
          accept(change.value());
        } else if (happened == first) {
          waiting.removeFirst();
        } else {
          ended = value.isClosed();
          if (ended) {
            changes.close(); // now, for the end may have to wait for its receiver
          }
          waiting.addLast(ended ? new Message.End<>() : new Message.Item<>(value.value()));
        }
      }
    } finally {
      changes.tryClose();
    }
  }

  private void offerTo(Channel<Message<T>> inbox, Select.SendCase<Message<T>> first) {
    Message<T> next = waiting.peekFirst();
    if (next == null) {
      first.to(null);
    } else {
      first.value(next).to(inbox);
    }
  }

  /** Answers first: to whoever has given up waiting nothing is to have changed. */
  private void accept(Change<T> change) {
    switch (change) {
      case Change.Push<T> push -> {
        boolean fits = stages < maxStages;
        if (push.accepted().complete(fits) && fits) {
          addStage(push);
        }
      }
      case Change.Pop<T> pop -> {
        boolean exists = stages > 0;
        if (pop.accepted().complete(exists) && exists) {
          removeStage();
        }
      }
    }
  }

  /** At most {@link #maxStages} of these wait: so many stages there may be. */
  private void addStage(Change.Push<T> push) {
    stages++;
    waiting.addLast(new Message.Push<>(stages, push.stage(), push.step()));
  }

  /** At most {@link #maxStages} of these wait: a stage that has not been added needs none. */
  private void removeStage() {
    if (waiting.peekLast() instanceof Message.Push<T>) {
      waiting.removeLast(); // no value has come since
    } else {
      waiting.addLast(new Message.Pop<>(stages));
    }
    stages--;
  }

  /** Does its step on each value; and when it is last but one, it also starts or ends the last. */
  private void stage(int position, Step<? super T, ? extends T> step) throws Exception {
    Channel<Message<T>> next = exit;
    Process following = null;
    while (true) {
      Message<T> message = inboxes.get(position).receive();
      switch (message) {
        case Message.Item<T>(T value) -> next.send(new Message.Item<>(step.apply(value)));
        case Message.Push<T> push when push.position() == position + 1 -> {
          following = startStage(push);
          next = inboxes.get(push.position());
        }
        case Message.Pop<T> pop when pop.position() == position + 1 -> {
          next.send(pop);
          Objects.requireNonNull(following).join(); // it sends on what it has
          next = exit;
        }
        case Message.Pop<T> pop when pop.position() == position -> {
          return;
        }
        case Message.Push<T> _, Message.Pop<T> _ -> next.send(message);
        case Message.End<T> _ -> {
          next.send(message);
          return;
        }
      }
    }
  }

  private Process startStage(Message.Push<T> push) {
    return scope.start(name + "." + push.stage(), () -> stage(push.position(), push.step()));
  }

  private void leave() throws InterruptedException {
    try {
      while (exit.receive() instanceof Message.Item<T>(T value)) {
        output.send(value);
      }
    } finally {
      output.close();
    }
  }
}
