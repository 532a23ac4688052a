package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@NoLeaks
@Timeout(60)
class DoneIdiomTest {
  static Stream<DoneIdiom.Generator> generators() {
    return Stream.of(DoneIdiom::generate, DoneIdiom::ready);
  }

  @ParameterizedTest
  @MethodSource("generators")
  void countsFromOne(DoneIdiom.Generator generator) throws InterruptedException {
    assertEquals(
        IntStream.rangeClosed(1, 100).boxed().toList(), DoneIdiom.stopAfter(100, generator));
    assertEquals(List.of(), DoneIdiom.stopAfter(0, generator));
  }

  @ParameterizedTest
  @MethodSource("generators")
  void stopsAtOnceAndNotAfterTheNextSend(DoneIdiom.Generator generator)
      throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Channel<Void> done = scope.channel("done", 0);
      var numbers = generator.start(scope, done);
      assertEquals(1, numbers.receive());
      done.close();
      scope.join(); // ends though nobody has received the 2
      assertEquals(1, scope.channels().get(1).stats().sent());
    }
  }

  @ParameterizedTest
  @MethodSource("generators")
  void oneDoneStopsMany(DoneIdiom.Generator generator) throws InterruptedException {
    Channel<Void> done = Channel.rendezvous();
    try (var one = Scope.open("one");
        var other = Scope.open("other")) {
      assertEquals(1, generator.start(one, done).receive());
      assertEquals(1, generator.start(other, done).receive());
      done.close();
      one.join();
      other.join();
      assertEquals(List.of(), one.processes());
      assertEquals(List.of(), other.processes());
    }
  }

  @Test
  void closingDoneTwiceIsRejected() {
    Channel<Void> done = Channel.rendezvous();
    done.close();
    assertThrows(ChannelClosedException.class, done::close);
    assertEquals(
        "rejected, done is closed already; close it once, by its sender", DoneIdiom.closeTwice());
  }
}
