package dev.sluice.csp.patterns;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The stages that pipelines are made of. Each starts a process of the scope and answers the channel
 * on which its output arrives; process and channel have the same name, unique in the scope.
 *
 * <pre>{@code
 * var numbers = Stages.generate(scope, "numbers", 0, List.of(1, 2, 3, 4));
 * var even = Stages.filter(scope, "even", 0, numbers, n -> n % 2 == 0);
 * var squares = Stages.map(scope, "squares", 0, even, n -> n * n);
 * for (int square : squares) { ... }
 * scope.join();
 * }</pre>
 *
 * <p><b>The end.</b> A stage closes its output, once, when its inputs have ended and all that came
 * from them has been sent on. Nothing is lost on the way and nothing doubled.
 *
 * <p><b>Failure and cancelling.</b> What a function of the caller's throws fails the scope, which
 * cancels all its stages. A stage that fails or is cancelled closes its output too, so that nobody
 * waits for it in vain; the value that it held is dropped. So whoever must know whether the stream
 * was complete asks {@link Scope#join} after its end.
 *
 * <p><b>Backpressure.</b> {@code capacity} is how many values wait in the output at most. A stage
 * takes its next value only when the one before has been sent, so a slow receiver slows the whole
 * pipeline down to its source.
 */
public final class Stages {
  private Stages() {}

  /**
   * What a stage does with one value.
   *
   * @param <T> what comes in
   * @param <R> what goes out
   */
  @FunctionalInterface
  public interface Step<T, R> {
    /**
     * Makes of a value what goes out. May wait; is interrupted when the scope is cancelled.
     *
     * @param value what came in
     * @return what goes out; not null
     * @throws Exception the stage fails, and with it its scope
     */
    R apply(T value) throws Exception;
  }

  /**
   * What a stage of one's own does.
   *
   * @param <T> what goes out
   */
  @FunctionalInterface
  public interface Producer<T> {
    /**
     * Sends until there is nothing more to send; then the output is closed.
     *
     * @param out where to; the producer does not close it
     * @throws Exception the stage fails, and with it its scope
     */
    void run(SendChannel<T> out) throws Exception;
  }

  /**
   * A stage of one's own: sends what the producer sends, and ends when it returns.
   *
   * <pre>
   *   producer --> [capacity] -->
   * </pre>
   *
   * @param <T> what goes out
   * @param scope where the process lives
   * @param name of the process and its output
   * @param capacity of the output; 0 for a rendezvous
   * @param producer what the process runs
   * @return the output, closed when the producer has returned or thrown
   * @throws IllegalArgumentException the name is taken, or the capacity is negative
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T> ReceiveChannel<T> produce(
      Scope scope, String name, int capacity, Producer<T> producer) {
    Objects.requireNonNull(producer);
    Channel<T> out = scope.channel(name, capacity);
    scope.start(
        name,
        () -> {
          try {
            producer.run(out);
          } catch (Throwable failure) {
            out.tryClose(); // if it has closed the output, that is not what went wrong
            throw failure;
          }
          out.close();
        });
    return out;
  }

  /**
   * Sends values, one after another, to the last. They may have no end: the stage waits for its
   * receiver before it asks for the next, and ends when the scope is cancelled.
   *
   * <pre>
   *   1, 2, 3 --> [capacity] -->
   * </pre>
   *
   * @param <T> what goes out
   * @param scope where the process lives
   * @param name of the process and its output
   * @param capacity of the output; 0 for a rendezvous
   * @param values iterated once, by the stage's process
   * @return the output
   * @throws IllegalArgumentException the name is taken, or the capacity is negative
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T> ReceiveChannel<T> generate(
      Scope scope, String name, int capacity, Iterable<? extends T> values) {
    Objects.requireNonNull(values);
    return produce(
        scope,
        name,
        capacity,
        out -> {
          for (T value : values) {
            out.send(value);
          }
        });
  }

  /**
   * Sends values until the last, or until {@code done} fires: then it ends at once, also when it
   * waits for a receiver. The output is a rendezvous, so nothing arrives after {@code done} has
   * fired.
   *
   * <pre>
   *   1, 2, 3, ... --> [0] -->
   *        done ---^
   * </pre>
   *
   * @param <T> what goes out
   * @param scope where the process lives
   * @param name of the process and its output
   * @param done fires when it is closed or a value arrives on it; to tell several, close it
   * @param values iterated once, by the stage's process
   * @return the output
   * @throws IllegalArgumentException the name is taken
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T> ReceiveChannel<T> generate(
      Scope scope, String name, ReceiveChannel<?> done, Iterable<? extends T> values) {
    Objects.requireNonNull(done);
    Objects.requireNonNull(values);
    return produce(
        scope,
        name,
        0,
        out -> {
          var select = Select.prioritised(); // done before the receiver
          var stop = select.receive(done);
          var next = select.send(out);
          for (T value : values) {
            next.value(value);
            if (select.await() == stop) {
              return;
            }
          }
        });
  }

  /**
   * Sends on what a function makes of each value, in order.
   *
   * <pre>
   *   in --> step --> [capacity] -->
   * </pre>
   *
   * @param <T> what comes in
   * @param <R> what goes out
   * @param scope where the process lives
   * @param name of the process and its output
   * @param capacity of the output; 0 for a rendezvous
   * @param in where the values come from
   * @param step called by the stage's process only
   * @return the output
   * @throws IllegalArgumentException the name is taken, or the capacity is negative
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T, R> ReceiveChannel<R> map(
      Scope scope,
      String name,
      int capacity,
      ReceiveChannel<T> in,
      Step<? super T, ? extends R> step) {
    Objects.requireNonNull(in);
    Objects.requireNonNull(step);
    return produce(scope, name, capacity, out -> mapAll(in, step, out));
  }

  /**
   * Sends on the values that pass a test, in order.
   *
   * <pre>
   *   in --> passes? --> [capacity] -->
   * </pre>
   *
   * @param <T> what comes in and goes out
   * @param scope where the process lives
   * @param name of the process and its output
   * @param capacity of the output; 0 for a rendezvous
   * @param in where the values come from
   * @param passes called by the stage's process only
   * @return the output
   * @throws IllegalArgumentException the name is taken, or the capacity is negative
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T> ReceiveChannel<T> filter(
      Scope scope, String name, int capacity, ReceiveChannel<T> in, Predicate<? super T> passes) {
    Objects.requireNonNull(in);
    Objects.requireNonNull(passes);
    return produce(
        scope,
        name,
        capacity,
        out -> {
          for (T value : in) {
            if (passes.test(value)) {
              out.send(value);
            }
          }
        });
  }

  /**
   * Fan-in: sends on the values of all inputs; those of one input stay in their order. Of the
   * inputs that have a value each is as likely to be next. Ends when the last input has ended; with
   * no input, at once.
   *
   * <pre>
   *   in --\
   *   in ---+--> [capacity] -->
   *   in --/
   * </pre>
   *
   * <p>It is one process with one select, so a value costs more the more inputs there are; merge
   * some hundreds in groups.
   *
   * @param <T> what comes in and goes out
   * @param scope where the process lives
   * @param name of the process and its output
   * @param capacity of the output; 0 for a rendezvous
   * @param inputs any number of them
   * @return the output
   * @throws IllegalArgumentException the name is taken, or the capacity is negative
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T> ReceiveChannel<T> merge(
      Scope scope, String name, int capacity, Collection<? extends ReceiveChannel<T>> inputs) {
    List<ReceiveChannel<T>> fixed = List.copyOf(inputs);
    return produce(scope, name, capacity, out -> mergeAll(fixed, out));
  }

  /**
   * Fan-out: several workers share one input. Each value is taken by one of them, whoever is free;
   * the results go out as they are ready, so not in the order of the input.
   *
   * <pre>
   *          /--> worker 0 --\
   *   in ---+---> worker 1 ---+--> [capacity] -->
   *          \--> worker 2 --/
   * </pre>
   *
   * <p>The workers are processes {@code name-0}, {@code name-1}, ... of a scope inside; the output
   * is closed when the last of them has ended.
   *
   * @param <T> what comes in
   * @param <R> what goes out
   * @param scope where the processes live
   * @param name of the process that waits for the workers, and of the output
   * @param capacity of the output; 0 for a rendezvous
   * @param workers how many; at least 1
   * @param in where the values come from
   * @param works makes what worker i does, on its process: so each may have a state of its own
   * @return the output
   * @throws IllegalArgumentException {@code workers} is less than 1, the name is taken, or the
   *     capacity is negative
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T, R> ReceiveChannel<R> fanOut(
      Scope scope,
      String name,
      int capacity,
      int workers,
      ReceiveChannel<T> in,
      IntFunction<? extends Step<? super T, ? extends R>> works) {
    if (workers < 1) {
      throw new IllegalArgumentException(
          "the number of workers is " + workers + ", must be 1 or more");
    }
    Objects.requireNonNull(in);
    Objects.requireNonNull(works);
    return produce(
        scope,
        name,
        capacity,
        out -> {
          try (var pool = scope.child(name + ".workers")) {
            for (int i = 0; i < workers; i++) {
              int worker = i;
              pool.start(name + "-" + worker, () -> mapAll(in, works.apply(worker), out));
            }
            pool.join();
          }
        });
  }

  /**
   * Or-done: sends on what comes in, until the input ends or {@code done} fires, whichever is
   * first. So a loop over a channel of somebody else's can be left from outside:
   *
   * <pre>
   *     in --> [0] -->
   *   done ---^
   * </pre>
   *
   * <p>The output is a rendezvous, so nothing arrives after {@code done} has fired. The stage then
   * drops the value that it had taken already and that nobody has received, if there is one; the
   * input is left as it is, and its senders must be told by somebody else.
   *
   * @param <T> what comes in and goes out
   * @param scope where the process lives
   * @param name of the process and its output
   * @param done fires when it is closed or a value arrives on it; to tell several, close it
   * @param in where the values come from
   * @return the output
   * @throws IllegalArgumentException the name is taken
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T> ReceiveChannel<T> orDone(
      Scope scope, String name, ReceiveChannel<?> done, ReceiveChannel<T> in) {
    Objects.requireNonNull(done);
    Objects.requireNonNull(in);
    return produce(scope, name, 0, out -> forwardUntil(done, in, out));
  }

  /**
   * Sends on what comes from two inputs, and as long as {@code high} has something, that first. A
   * value of {@code low} is handed over only when at that very instant none of {@code high} is
   * there. Ends when both inputs have ended.
   *
   * <pre>
   *   high ==\
   *           +--> [0] -->
   *   low  --/
   * </pre>
   *
   * <p>The output is a rendezvous, and the stage holds one value of each input, so that one of
   * {@code high} overtakes one of {@code low} which waits for its receiver. While {@code high}
   * always has something, {@code low} gets nothing: where that is not wanted, {@link #merge}.
   *
   * @param <T> what comes in and goes out
   * @param scope where the process lives
   * @param name of the process and its output
   * @param high goes first
   * @param low goes when {@code high} has nothing
   * @return the output
   * @throws IllegalArgumentException the name is taken
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T> ReceiveChannel<T> prioritise(
      Scope scope, String name, ReceiveChannel<T> high, ReceiveChannel<T> low) {
    Objects.requireNonNull(high);
    Objects.requireNonNull(low);
    return produce(scope, name, 0, out -> forwardHighFirst(high, low, out));
  }

  private static <T, R> void mapAll(
      ReceiveChannel<T> in, Step<? super T, ? extends R> step, SendChannel<R> out)
      throws Exception {
    for (T value : in) {
      out.send(step.apply(value));
    }
  }

  @SuppressWarnings("unchecked") // all cases of the select receive a T
  private static <T> void mergeAll(List<ReceiveChannel<T>> inputs, SendChannel<T> out)
      throws InterruptedException {
    var select = Select.fair();
    inputs.forEach(select::receive);
    int open = inputs.size();
    while (open > 0) {
      var next = (Select.ReceiveCase<T>) select.await();
      if (next.isClosed()) {
        next.from(null);
        open--;
      } else {
        out.send(next.value());
      }
    }
  }

  private static <T> void forwardUntil(
      ReceiveChannel<?> done, ReceiveChannel<T> in, SendChannel<T> out)
      throws InterruptedException {
    var select = Select.prioritised(); // done before all else
    Select.Case stop = select.receive(done);
    var next = select.receive(in);
    var delivery = select.<T>send(null);
    for (Select.Case happened = select.await(); happened != stop; happened = select.await()) {
      if (happened == delivery) {
        delivery.to(null);
        next.from(in);
      } else if (next.isClosed()) {
        return;
      } else {
        delivery.value(next.value()).to(out);
        next.from(null);
      }
    }
  }

  private static <T> void forwardHighFirst(
      ReceiveChannel<T> high, ReceiveChannel<T> low, SendChannel<T> out)
      throws InterruptedException {
    var select = Select.prioritised();
    var urgent = new Lane<>(select, high);
    var normal = new Lane<>(select, low);
    var delivery = select.<T>send(null); // last: first look for what should go before
    while (urgent.isOpen() || normal.isOpen()) {
      Lane<T> first = urgent.held != null ? urgent : normal;
      if (first.held != null) {
        delivery.value(first.held).to(out);
      } else {
        delivery.to(null);
      }
      Select.Case happened = select.await();
      if (happened == delivery) {
        first.release();
      } else if (happened == urgent.next) {
        urgent.take();
      } else {
        normal.take();
      }
    }
  }

  /** An input of which one value is held until it is delivered. */
  private static final class Lane<T> {
    private final ReceiveChannel<T> source;
    final Select.ReceiveCase<T> next;
    @Nullable T held;
    private boolean ended;

    Lane(Select select, ReceiveChannel<T> source) {
      this.source = source;
      this.next = select.receive(source);
    }

    boolean isOpen() {
      return held != null || !ended;
    }

    void take() {
      held = next.valueOrNull();
      ended = next.isClosed();
      next.from(null);
    }

    void release() {
      held = null;
      next.from(source);
    }
  }
}
