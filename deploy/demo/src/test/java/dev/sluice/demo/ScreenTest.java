package dev.sluice.demo;

import static dev.sluice.demo.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NoLeaks
class ScreenTest {

  private final VirtualClock clock = new VirtualClock();
  private final Lines lines = new Lines();
  private Scope scope;
  private Tally tally;

  @BeforeEach
  void start() {
    scope = Scope.open("test", clock);
    tally = Tally.start(scope);
  }

  @AfterEach
  void stop() {
    scope.close();
  }

  @Test
  void plainWritesALineEverySecondAndOneAtTheEnd() throws InterruptedException {
    var screen = Screen.start(scope, lines, false, tally);
    clock.awaitAlarms(1);
    clock.advance(Duration.ofSeconds(1));
    assertEquals(" 1.0 s  in 0  dup 0  throttled 0  delivered 0  failed 0  open 0", lines.next());

    tally.tell(new Fact.Arrived(event("e1")));
    clock.advance(Duration.ofSeconds(1));
    assertEquals(" 2.0 s  in 1  dup 0  throttled 0  delivered 0  failed 0  open 1", lines.next());

    tally.tell(new Fact.Ended(event("e1"), new Fact.Ending("job-1", true, 1, 1, "200")));
    screen.close();
    assertEquals(" 2.0 s  in 1  dup 0  throttled 0  delivered 1  failed 0  open 0", lines.next());
    assertNull(lines.nextIfAny());
  }

  @Test
  void whatHappensForTheFirstTimeGetsALineOfItsOwnOnce() throws InterruptedException {
    tally.tell(new Fact.Arrived(event("e1")));
    tally.tell(new Fact.Dropped(event("e1")));
    tally.ask();
    var screen = Screen.start(scope, lines, false, tally);
    clock.awaitAlarms(1);
    clock.advance(Duration.ofSeconds(1));
    assertEquals("  0 ms  t of s dropped: dedup-svc had seen it before", lines.next());
    assertEquals(" 1.0 s  in 1  dup 1  throttled 0  delivered 0  failed 0  open 0", lines.next());

    screen.close();
    assertEquals(" 1.0 s  in 1  dup 1  throttled 0  delivered 0  failed 0  open 0", lines.next());
    assertNull(lines.nextIfAny());
  }

  @Test
  void liveWritesOverTheLineBefore() throws InterruptedException {
    var screen = Screen.start(scope, lines, true, tally);
    clock.awaitAlarms(1);
    clock.advance(Duration.ofMillis(200));
    assertEquals("", lines.next());

    tally.tell(new Fact.Arrived(event("e1")));
    tally.tell(new Fact.Dropped(event("e1")));
    tally.ask();
    clock.advance(Duration.ofMillis(200));
    String first = "200 ms  in 0  dup 0  throttled 0  delivered 0  failed 0  open 0";
    assertEquals(first + "<over>", lines.next());

    screen.close();
    String note = "200 ms  t of s dropped: dedup-svc had seen it before";
    assertEquals(note + " ".repeat(first.length() - note.length()), lines.next());
    String second = "400 ms  in 1  dup 1  throttled 0  delivered 0  failed 0  open 0";
    assertEquals("", lines.next());
    assertEquals(second + "<over>", lines.next());
    assertEquals(second, lines.next());
    assertNull(lines.nextIfAny());
  }

  /** What was written, a line at a time. */
  private static final class Lines implements Appendable {
    private final Channel<String> complete = Channel.buffered(100);
    private final StringBuilder line = new StringBuilder();

    String next() throws InterruptedException {
      return complete.receive();
    }

    String nextIfAny() {
      return complete.tryReceive();
    }

    @Override
    public Appendable append(CharSequence text) throws IOException {
      return append(text, 0, text.length());
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) throws IOException {
      for (int i = start; i < end; i++) {
        append(text.charAt(i));
      }
      return this;
    }

    @Override
    public Appendable append(char each) throws IOException {
      if (each == '\n' || each == '\r') {
        boolean fits = complete.trySend(line + (each == '\r' && !line.isEmpty() ? "<over>" : ""));
        if (!fits) {
          throw new IOException("more lines than the test takes");
        }
        line.setLength(0);
      } else {
        line.append(each);
      }
      return this;
    }
  }
}
