package dev.sluice.csp.proof;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Select;
import dev.sluice.csp.proof.DualModel.Action;
import dev.sluice.csp.proof.DualModel.Case;
import dev.sluice.csp.proof.DualModel.Choice;
import dev.sluice.csp.proof.DualModel.Close;
import dev.sluice.csp.proof.DualModel.Offer;
import dev.sluice.csp.proof.DualModel.Patience;
import java.time.Duration;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Selects over two channels, a rendezvous and a buffer of one, that meet plain calls and each
 * other: one case happens at one instant, the others leave no trace, also when time, interruption
 * and close race with it.
 */
class SelectLincheckTest {
  private static final String[] RACES = {
    "receiveEither | trySendA 1 | trySendB 2",
    "receiveEitherUntilInterrupted | trySendA 1; tryReceiveB | trySendB 2",
    "receiveEither; receiveEither | trySendA 1; trySendB 2; tryReceiveB",
    "trySendB 1 => sendEither 2 | receiveFirst | tryReceiveB",
    "trySendB 1 => sendEither 2; sendEither 3 | tryReceiveA; tryReceiveB; tryReceiveB",
    "exchange 1 | trySendB 2; receiveForA",
    "receiveEither | closeA | trySendB 1",
    "receiveEitherUntilInterrupted | receiveFirst | trySendA 1; trySendB 2",
    "trySendB 1 => sendEither 2 | closeB | tryReceiveA"
  };

  @Test
  void underAModelChecker() {
    LincheckRuns.modelCheck(TwoChannels.class, RACES);
  }

  @Test
  void underStress() {
    LincheckRuns.stress(TwoChannels.class, RACES);
  }

  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  public static class TwoChannels extends LincheckSubject {
    private static final int A = 0;
    private static final int B = 1;
    private static final Duration LIMIT = Duration.ofNanos(1);

    /** Each is one process's, so Lincheck lets no two threads use it; built once, as in a loop. */
    private final Either receiving =
        new Either(Select.fair(clock), Case.receive(A), Case.receive(B));

    private final Either sending = new Either(Select.fair(clock), Case.send(A, 0), Case.send(B, 0));
    private final Either first =
        new Either(Select.prioritised(clock), Case.receive(B), Case.receive(A));
    private final Either exchanging =
        new Either(Select.fair(clock), Case.send(A, 0), Case.receive(B));

    @Override
    public List<Integer> capacities() {
      return List.of(0, 1);
    }

    @Operation
    public String trySendA(@Param(name = "value") int value) {
      return trySend(A, value);
    }

    @Operation
    public String trySendB(@Param(name = "value") int value) {
      return trySend(B, value);
    }

    @Operation
    public String tryReceiveA() {
      return tryReceive(A);
    }

    @Operation
    public String tryReceiveB() {
      return tryReceive(B);
    }

    @Operation
    public String receiveForA() {
      return receiveFor(A);
    }

    @Operation
    public String sendForB(@Param(name = "value") int value) {
      return sendFor(B, value);
    }

    @Operation(runOnce = true)
    public String closeA() {
      return close(A);
    }

    @Operation(runOnce = true)
    public String closeB() {
      return close(B);
    }

    @Operation(nonParallelGroup = "receiving")
    public String receiveEither() {
      return answer(() -> receiving.await(0), A);
    }

    @Operation(nonParallelGroup = "receiving")
    public String receiveEitherUntilInterrupted() {
      return interrupted(() -> receiving.await(0), A);
    }

    @Operation(nonParallelGroup = "sending")
    public String sendEither(@Param(name = "value") int value) {
      return answer(() -> sending.await(value), A);
    }

    @Operation(nonParallelGroup = "first")
    public String receiveFirst() {
      return answer(() -> first.await(0), A);
    }

    @Operation(nonParallelGroup = "exchanging")
    public String exchange(@Param(name = "value") int value) {
      return answer(() -> exchanging.await(value), A);
    }

    @Override
    public Action action(String method, List<Object> arguments) {
      int value = arguments.isEmpty() ? 0 : (int) arguments.getFirst();
      return switch (method) {
        case "trySendA" -> plain(Case.send(A, value), Patience.NONE);
        case "trySendB" -> plain(Case.send(B, value), Patience.NONE);
        case "tryReceiveA" -> plain(Case.receive(A), Patience.NONE);
        case "tryReceiveB" -> plain(Case.receive(B), Patience.NONE);
        case "receiveForA" -> plain(Case.receive(A), Patience.LIMITED);
        case "sendForB" -> plain(Case.send(B, value), Patience.LIMITED);
        case "closeA" -> new Close(A);
        case "closeB" -> new Close(B);
        case "receiveEither" ->
            select(Choice.ANY, Patience.LIMITED, Case.receive(A), Case.receive(B));
        case "receiveEitherUntilInterrupted" ->
            select(Choice.ANY, Patience.UNTIL_INTERRUPTED, Case.receive(A), Case.receive(B));
        case "sendEither" ->
            select(Choice.ANY, Patience.LIMITED, Case.send(A, value), Case.send(B, value));
        case "receiveFirst" ->
            select(Choice.FIRST, Patience.LIMITED, Case.receive(B), Case.receive(A));
        case "exchange" ->
            select(Choice.ANY, Patience.LIMITED, Case.send(A, value), Case.receive(B));
        default -> throw new IllegalArgumentException(method);
      };
    }

    private static Offer plain(Case only, Patience patience) {
      return new Offer(List.of(only), Choice.ANY, patience, null);
    }

    private static Offer select(Choice choice, Patience patience, Case... cases) {
      return new Offer(List.of(cases), choice, patience, "end");
    }

    /** A select of two cases with a limit. */
    private final class Either {
      private final Select select;
      private final int channelOfOne;
      private final int channelOfOther;
      private final Select.Case one;
      private final Select.Case other;

      Either(Select select, Case one, Case other) {
        this.select = select;
        channelOfOne = one.channel();
        channelOfOther = other.channel();
        this.one = made(one);
        this.other = made(other);
        select.after(LIMIT);
      }

      private Select.Case made(Case each) {
        Channel<Integer> channel = channels.get(each.channel());
        return each.sends() ? select.send(channel) : select.receive(channel);
      }

      String await(int value) throws InterruptedException {
        give(one, value);
        give(other, value);
        Select.Case happened;
        try {
          happened = select.await();
        } catch (ChannelClosedException closed) {
          // Its text names the channel, whose name ends with its number.
          return String.valueOf(closed.getMessage()).replaceAll("\\D", "") + ":closed";
        }
        int channel = happened == one ? channelOfOne : channelOfOther;
        return switch (happened) {
          case Select.SendCase<?> _ -> channel + ":sent";
          case Select.ReceiveCase<?> in when in.isClosed() -> channel + ":end";
          case Select.ReceiveCase<?> in -> channel + ":" + in.value();
          default -> DualModel.NO;
        };
      }

      @SuppressWarnings("unchecked") // made above
      private static void give(Select.Case each, int value) {
        if (each instanceof Select.SendCase<?> out) {
          ((Select.SendCase<Integer>) out).value(value);
        }
      }
    }
  }
}
