package dev.sluice.csp.proof;

import dev.sluice.csp.ChannelStats;
import dev.sluice.csp.proof.DualModel.Action;
import dev.sluice.csp.proof.DualModel.Case;
import dev.sluice.csp.proof.DualModel.Choice;
import dev.sluice.csp.proof.DualModel.Close;
import dev.sluice.csp.proof.DualModel.Drain;
import dev.sluice.csp.proof.DualModel.IsClosedForReceive;
import dev.sluice.csp.proof.DualModel.IsClosedForSend;
import dev.sluice.csp.proof.DualModel.Offer;
import dev.sluice.csp.proof.DualModel.Patience;
import dev.sluice.csp.proof.DualModel.Stats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Every call on one channel is linearizable, in the sense of {@link DualVerifier}: the tries, the
 * forms with a time limit, those that are interrupted while they wait, close, and the looks.
 */
class ChannelLincheckTest {
  private static final String[] RENDEZVOUS = {
    "sendUntilInterrupted 1 | receiveFor",
    "receiveUntilInterrupted | trySend 1; trySend 2",
    "sendFor 1 | receiveFor | stats",
    "sendFor 1 | close",
    "receiveFor | close | trySend 1",
    "sendFor 1 | sendUntilInterrupted 2 | drain; tryReceive",
    "trySend 1 | trySend 2 | receiveFor; receiveFor"
  };
  private static final String[] BUFFERED = {
    "trySend 1; trySend 2; trySend 3 => sendFor 4 | tryReceive; tryReceive; tryReceive",
    "trySend 1; trySend 2 => sendUntilInterrupted 3 | tryReceive; isClosedForReceive | close",
    "receiveUntilInterrupted | trySend 1; trySend 2",
    "trySend 1 => trySend 2 | trySend 3 | drain; stats",
    "trySend 1; trySend 2 => close; isClosedForReceive | sendFor 3 | tryReceive; receiveFor",
    "trySend 1 | trySend 2 | receiveFor; receiveFor"
  };

  @Test
  void rendezvousUnderAModelChecker() {
    LincheckRuns.modelCheck(Rendezvous.class, RENDEZVOUS);
  }

  @Test
  void rendezvousUnderStress() {
    LincheckRuns.stress(Rendezvous.class, RENDEZVOUS);
  }

  @Test
  void bufferOfOneUnderAModelChecker() {
    LincheckRuns.modelCheck(BufferOfOne.class, BUFFERED);
  }

  @Test
  void bufferOfOneUnderStress() {
    LincheckRuns.stress(BufferOfOne.class, BUFFERED);
  }

  @Test
  void bufferOfTwoUnderAModelChecker() {
    LincheckRuns.modelCheck(BufferOfTwo.class, BUFFERED);
  }

  @Test
  void bufferOfTwoUnderStress() {
    LincheckRuns.stress(BufferOfTwo.class, BUFFERED);
  }

  public static class Rendezvous extends OneChannel {
    @Override
    public List<Integer> capacities() {
      return List.of(0);
    }
  }

  public static class BufferOfOne extends OneChannel {
    @Override
    public List<Integer> capacities() {
      return List.of(1);
    }
  }

  public static class BufferOfTwo extends OneChannel {
    @Override
    public List<Integer> capacities() {
      return List.of(2);
    }
  }

  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  abstract static class OneChannel extends LincheckSubject {
    private static final Duration LIMIT = Duration.ofNanos(1);

    @Operation
    public String trySend(@Param(name = "value") int value) {
      return trySend(0, value);
    }

    @Operation
    public String tryReceive() {
      return tryReceive(0);
    }

    @Operation
    public String sendFor(@Param(name = "value") int value) {
      return sendFor(0, value);
    }

    @Operation
    public String receiveFor() {
      return receiveFor(0);
    }

    @Operation
    public String sendUntilInterrupted(@Param(name = "value") int value) {
      return interrupted(() -> sent(0, channels.getFirst().trySend(value, LIMIT)), 0);
    }

    @Operation
    public String receiveUntilInterrupted() {
      return interrupted(() -> received(0, channels.getFirst().tryReceive(LIMIT)), 0);
    }

    @Operation(runOnce = true)
    public String close() {
      return close(0);
    }

    @Operation
    public String drain() {
      var drained = new ArrayList<Integer>();
      channels.getFirst().drainTo(drained, 2);
      return drained.toString();
    }

    @Operation
    public String stats() {
      ChannelStats stats = channels.getFirst().stats();
      return DualModel.stats(stats.depth(), stats.sent(), stats.received(), stats.closed());
    }

    @Operation
    public String isClosedForSend() {
      return String.valueOf(channels.getFirst().isClosedForSend());
    }

    @Operation
    public String isClosedForReceive() {
      return String.valueOf(channels.getFirst().isClosedForReceive());
    }

    @Override
    public Action action(String method, List<Object> arguments) {
      return switch (method) {
        case "trySend" -> plain(Case.send(0, (int) arguments.getFirst()), Patience.NONE);
        case "tryReceive" -> plain(Case.receive(0), Patience.NONE);
        case "sendFor" -> plain(Case.send(0, (int) arguments.getFirst()), Patience.LIMITED);
        case "receiveFor" -> plain(Case.receive(0), Patience.LIMITED);
        case "sendUntilInterrupted" ->
            plain(Case.send(0, (int) arguments.getFirst()), Patience.UNTIL_INTERRUPTED);
        case "receiveUntilInterrupted" -> plain(Case.receive(0), Patience.UNTIL_INTERRUPTED);
        case "close" -> new Close(0);
        case "drain" -> new Drain(0, 2);
        case "stats" -> new Stats(0);
        case "isClosedForSend" -> new IsClosedForSend(0);
        case "isClosedForReceive" -> new IsClosedForReceive(0);
        default -> throw new IllegalArgumentException(method);
      };
    }

    private static Offer plain(Case only, Patience patience) {
      return new Offer(List.of(only), Choice.ANY, patience, null);
    }
  }
}
