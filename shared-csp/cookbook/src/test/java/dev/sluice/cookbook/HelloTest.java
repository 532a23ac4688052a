package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
@Timeout(60)
class HelloTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatIsSaidIsHeard(int capacity) throws InterruptedException {
    assertEquals("hello", Hello.say("hello", capacity));
  }

  @Test
  void overARendezvousTheSpeakerWaitsForItsListener() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Channel<String> rendezvous = scope.channel("rendezvous", 0);
      var speaker = scope.start("speaker", () -> rendezvous.send("hello"));
      Eventually.that(() -> rendezvous.stats().waitingSenders() == 1);
      assertEquals(List.of(speaker), scope.processes(), "it has not ended");
      assertEquals("hello", rendezvous.receive());
      scope.join();
    }
  }

  @Test
  void intoABufferOfOneItSpeaksAndEndsThoughNobodyListens() throws Exception {
    assertEquals(
        "the buffer keeps \"hello?\", a rendezvous takes nothing", Hello.sayToNobody("hello?"));
    assertEquals(3, Printed.by(Hello::run).size());
  }
}
