package dev.sluice.csp.testkit.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NoLeaks
class SelectAfterTest {
  private static final Duration LIMIT = Duration.ofMillis(5);
  private static final Duration TICK = Duration.ofNanos(1);

  private final VirtualClock clock = new VirtualClock();
  private final Channel<Integer> in = Channel.rendezvous();
  private final Channel<Integer> out = Channel.rendezvous();
  private final Select select = Select.fair(clock);
  private Scope scope = Scope.open("replaced before each test", clock);

  SelectAfterTest() {
    scope.close();
  }

  @BeforeEach
  void open() {
    scope = Scope.open("scope", clock);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void happensAfterTheDurationAndNotBeforeAndTheOthersLeaveNoTrace() throws Exception {
    select.receive(in);
    select.send(out).value(1);
    var after = select.after(LIMIT);
    Reply<Select.Case> happened = await();
    clock.advance(LIMIT.minus(TICK));
    assertEquals(1, clock.alarms());
    assertEquals(1, in.stats().waitingReceivers());
    assertFalse(happened.isDone());
    clock.advance(TICK);
    assertSame(after, happened.await());
    assertEquals(0, in.stats().waitingReceivers());
    assertEquals(0, out.stats().waitingSenders());
    assertNull(out.tryReceive());
  }

  @Test
  void anotherCaseInTimeForgetsTheAlarm() throws Exception {
    var fromIn = select.receive(in);
    select.after(LIMIT);
    Reply<Select.Case> happened = await();
    clock.advance(LIMIT.minus(TICK));
    in.send(1);
    assertSame(fromIn, happened.await());
    assertEquals(1, fromIn.value());
    scope.join();
    assertEquals(0, clock.alarms());
  }

  @Test
  void countsFromEachAwait() throws Exception {
    var fromIn = select.receive(in);
    var after = select.after(LIMIT);
    Reply<Select.Case> first = await();
    clock.advance(LIMIT.minus(TICK));
    in.send(1);
    assertSame(fromIn, first.await());
    scope.join();

    Reply<Select.Case> second = await();
    clock.advance(LIMIT.minus(TICK));
    assertEquals(1, clock.alarms());
    clock.advance(TICK);
    assertSame(after, second.await());
  }

  @Test
  void whatIsReadyNeedsNoAlarm() throws Exception {
    Channel<Integer> ready = Channel.buffered(1);
    ready.send(1);
    var fromReady = select.receive(ready);
    select.after(LIMIT);
    assertSame(fromReady, select.await());
    assertEquals(0, clock.alarms());
  }

  @Test
  void anotherDurationHoldsFromTheNextAwait() throws Exception {
    select.receive(in);
    var after = select.after(LIMIT);
    after.in(LIMIT.multipliedBy(2));
    Reply<Select.Case> happened = await();
    clock.advance(LIMIT.multipliedBy(2).minus(TICK));
    assertEquals(1, clock.alarms());
    clock.advance(TICK);
    assertSame(after, happened.await());
  }

  @Test
  void switchedOffItNeverHappens() throws Exception {
    var fromIn = select.receive(in);
    var after = select.after(LIMIT);
    after.in(null);
    var happened = new Reply<Select.Case>();
    scope.start("selects", () -> happened.complete(select.await()));
    in.send(1); // waits for the select, which has set no alarm
    assertEquals(0, clock.alarms());
    assertSame(fromIn, happened.await());
    scope.join();

    after.in(LIMIT);
    Reply<Select.Case> again = await();
    clock.advance(LIMIT);
    assertSame(after, again.await());
  }

  @Test
  void interruptionTakesTheAlarmBack() throws Exception {
    select.receive(in);
    select.after(LIMIT);
    var selecting = scope.start("selects", select::await);
    clock.awaitAlarms(1);
    selecting.cancel();
    selecting.join();
    assertEquals(0, clock.alarms());
    assertEquals(0, in.stats().waitingReceivers());
  }

  @Test
  void aFailedSendTakesTheAlarmBack() throws Exception {
    select.send(out).value(1);
    select.after(LIMIT);
    var thrown = new Reply<Throwable>();
    scope.start(
        "selects",
        () -> thrown.complete(assertThrows(ChannelClosedException.class, select::await)));
    clock.awaitAlarms(1);
    out.close();
    assertEquals(out + " is closed", thrown.await().getMessage());
    scope.join();
    assertEquals(0, clock.alarms());
  }

  @Test
  void aloneItIsAPause() throws Exception {
    var after = select.after(LIMIT);
    Reply<Select.Case> happened = await();
    clock.advance(LIMIT);
    assertSame(after, happened.await());
  }

  /** Starts a process that runs the select once, and waits until it waits. */
  private Reply<Select.Case> await() throws InterruptedException {
    var happened = new Reply<Select.Case>();
    scope.start("selects", () -> happened.complete(select.await()));
    clock.awaitAlarms(1);
    return happened;
  }
}
