package dev.sluice.csp.patterns;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many inputs share one output, each within a cap of its own: who sends more than its share fills
 * its own input and waits there, and takes nothing from the others.
 *
 * <pre>
 *   flooder --[cap 0]--\
 *   source  --[cap 1]---+--> one each in turn --> [0] --> output
 *   source  --[cap 2]--/
 * </pre>
 *
 * <p>The inputs are served in turn, one value each; one that is empty is passed over. So with N
 * inputs a value that is first in its input waits for at most N - 1 others, whatever they do, and
 * an input that brings no more than 1/N of what the output takes gets all of it through. What the
 * others leave is the flooder's.
 *
 * <p>Values of one input stay in their order. The output ends when all inputs have been closed and
 * emptied; it ends too when the scope is cancelled, and then what still waits is dropped.
 *
 * @param <T> what comes in and goes out
 */
public final class Multiplexer<T> {
  private final List<Channel<T>> inputs;
  private final Channel<T> output;

  // Owned by the process.
  private final Select select = Select.fair();
  private final List<Select.ReceiveCase<T>> cases;
  private int open;
  private int turn;

  private Multiplexer(Scope scope, String name, List<Integer> caps) {
    var channels = new ArrayList<Channel<T>>(caps.size());
    for (int i = 0; i < caps.size(); i++) {
      channels.add(scope.channel(name + "-" + i, caps.get(i)));
    }
    this.inputs = List.copyOf(channels);
    this.output = scope.channel(name, 0);
    this.cases = inputs.stream().map(select::receive).toList();
    this.open = inputs.size();
  }

  /**
   * Starts a multiplexer as a process of the scope, named as its output is; the inputs are named
   * {@code name-0}, {@code name-1}, ...
   *
   * @param <T> what comes in and goes out
   * @param scope where it lives
   * @param name of the process and its output
   * @param caps one for each input: how many of its values wait at most; 0 for a rendezvous
   * @return the multiplexer, which runs already
   * @throws IllegalArgumentException a cap is negative, or a name is taken
   * @throws java.util.concurrent.CancellationException the scope has been cancelled
   */
  public static <T> Multiplexer<T> start(Scope scope, String name, List<Integer> caps) {
    List<Integer> fixed = List.copyOf(caps);
    for (int i = 0; i < fixed.size(); i++) {
      if (fixed.get(i) < 0) {
        throw new IllegalArgumentException(
            "the cap of input " + i + " is " + fixed.get(i) + ", must be 0 or more");
      }
    }
    var multiplexer = new Multiplexer<T>(scope, name, fixed);
    scope.start(name, multiplexer::run);
    return multiplexer;
  }

  /**
   * One of the inputs. Whoever sends there closes it at the end. It is a channel of the scope, not
   * a port ({@link Scope#port}): who sends is a process of the scope's tree, or a dump may take the
   * multiplexer that waits for it for dead.
   *
   * @param index from 0
   * @return the same at each call
   * @throws IllegalArgumentException there is no such input
   */
  public SendChannel<T> input(int index) {
    if (index < 0 || index >= inputs.size()) {
      throw new IllegalArgumentException(
          "input " + index + " is asked for, but there are " + inputs.size() + ", from 0");
    }
    return inputs.get(index);
  }

  /** {@return how many inputs there are} */
  public int inputs() {
    return inputs.size();
  }

  /** {@return where the values of all inputs arrive} */
  public ReceiveChannel<T> output() {
    return output;
  }

  private void run() throws InterruptedException {
    try {
      for (T value = next(); value != null; value = next()) {
        output.send(value);
      }
    } finally {
      output.close();
    }
  }

  /** The next value in turn, waiting for it; null when all inputs have ended. */
  private @Nullable T next() throws InterruptedException {
    T ready = tryInTurn();
    return ready != null ? ready : awaitAny();
  }

  private @Nullable T tryInTurn() {
    for (int i = 0; i < inputs.size(); i++) {
      int index = (turn + i) % inputs.size();
      T value = inputs.get(index).tryReceive();
      if (value != null) {
        turn = index + 1;
        return value;
      }
    }
    return null;
  }

  /** None was ready, so whichever comes first has its turn. */
  private @Nullable T awaitAny() throws InterruptedException {
    while (open > 0) {
      int index = cases.indexOf(select.await());
      Select.ReceiveCase<T> first = cases.get(index);
      if (!first.isClosed()) {
        turn = index + 1;
        return first.value();
      }
      first.from(null);
      open--;
    }
    return null;
  }
}
