package dev.sluice.csp.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Process;
import dev.sluice.csp.Processes;
import dev.sluice.csp.Scope;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

class NoLeaksTest {

  @AfterEach
  void closeWhatTheExamplesLeave() {
    Processes.scopes().forEach(Scope::close);
  }

  @Test
  void aScopeThatIsLeftOpenFailsTheTestAndTheNextIsNotBlamed() {
    var summary = run(LeavesAProcess.class);
    assertEquals(List.of("leaks()"), failed(summary));
    assertEquals(1, summary.getTestsSucceededCount());
    String message = message(summary);
    assertTrue(
        message.startsWith("the test left behind: scope left, process reader of scope left\n"),
        message);
    assertTrue(message.contains("scope left (since "), message);
    assertTrue(message.contains("channel inbox: 0/0, sent 0"), message);
    assertTrue(message.contains("process reader (since "), message);
    assertTrue(message.contains(": receive from inbox (0/0)\n"), message);
  }

  @Test
  void whatIsLeftIsCancelled() {
    run(LeavesAProcess.class);
    assertEquals(1, Processes.scopes().size());
    assertTrue(Processes.scopes().getFirst().isCancelled());
  }

  @Test
  void aScopeThatWasOpenBeforeIsNobodysFault() {
    try (var before = Scope.open("before")) {
      var summary = run(ClosesInAfterEach.class);
      assertEquals(List.of(), failed(summary));
      assertEquals(1, summary.getTestsSucceededCount());
      assertFalse(before.isCancelled());
    }
  }

  @Test
  void itHoldsForOneMethodToo() {
    var summary = run(OneMethodOnly.class);
    assertEquals(List.of("checked()"), failed(summary));
    assertEquals(1, summary.getTestsSucceededCount());
  }

  @Test
  void aTestsOwnFailureIsNotHidden() {
    var summary = run(FailsAndLeaks.class);
    assertEquals("its own", message(summary));
    Throwable leak = summary.getFailures().getFirst().getException().getSuppressed()[0];
    assertTrue(
        String.valueOf(leak.getMessage()).startsWith("the test left behind: scope left\n"),
        leak.toString());
  }

  @Test
  void aProcessOrAScopeInsideAScopeThatWasOpenBeforeIsALeakToo() {
    var summary = run(StartsInASharedScope.class);
    assertEquals(List.of("process()", "scopeInside()"), failed(summary).stream().sorted().toList());
    assertEquals(2, summary.getTestsSucceededCount());
    var messages =
        summary.getFailures().stream()
            .map(each -> firstLine(each.getException()))
            .sorted()
            .toList();
    assertEquals(
        List.of(
            "the test left behind: process reader of scope shared",
            "the test left behind: scope inside, process reader of scope inside"),
        messages);
  }

  @Test
  void whatTheClassLeavesFailsTheClass() {
    var summary = run(OpensInBeforeAll.class);
    assertEquals(List.of("NoLeaksTest$OpensInBeforeAll"), failed(summary));
    assertEquals("the class left behind: scope of the class", firstLine(summary));
    assertEquals(1, summary.getTestsSucceededCount());
  }

  @Test
  void whatTheInstanceLeavesFailsTheClass() {
    var summary = run(OpensWithTheInstance.class);
    assertEquals("the class left behind: scope of the instance", firstLine(summary));
  }

  @Test
  void itHoldsForSubclassesAndNestedClasses() {
    assertEquals(List.of("leaks()"), failed(run(Inherits.class)));
    assertEquals(List.of("leaksToo()"), failed(run(HasNested.class)));
  }

  @Test
  void aProcessThatHasEndedIsNoLeakThoughItWasStartedByAnother() {
    var summary = run(StartsByAnotherThread.class);
    assertEquals(List.of("leaves()"), failed(summary));
    assertEquals(1, summary.getTestsSucceededCount());
    assertEquals(
        "the test left behind: scope theirs, process reader of scope theirs", firstLine(summary));
  }

  private static TestExecutionSummary run(Class<?> example) {
    var listener = new SummaryGeneratingListener();
    var request = LauncherDiscoveryRequestBuilder.request().selectors(selectClass(example)).build();
    LauncherFactory.create().execute(request, listener);
    return listener.getSummary();
  }

  private static List<String> failed(TestExecutionSummary summary) {
    return summary.getFailures().stream()
        .map(failure -> failure.getTestIdentifier().getDisplayName())
        .toList();
  }

  private static String message(TestExecutionSummary summary) {
    List<Failure> failures = summary.getFailures();
    assertEquals(1, failures.size());
    return String.valueOf(failures.getFirst().getException().getMessage());
  }

  private static String firstLine(TestExecutionSummary summary) {
    assertEquals(1, summary.getFailures().size());
    return firstLine(summary.getFailures().getFirst().getException());
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElseThrow();
  }

  private static Process startReader(Scope scope) {
    Channel<Integer> inbox = Channel.rendezvous();
    return scope.start("reader", inbox::receive);
  }

  // The examples are run by the tests above only: they stand inside, where Surefire does not look.

  @NoLeaks
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LeavesAProcess {
    @Test
    @Order(1)
    void leaks() {
      var scope = Scope.open("left");
      Channel<Integer> inbox = scope.channel("inbox", 0);
      var reader = scope.start("reader", inbox::receive);
      while (reader.waitsFor() == null) {
        Thread.onSpinWait();
      }
    }

    @Test
    @Order(2)
    void isClean() {}
  }

  @NoLeaks
  static class ClosesInAfterEach {
    private Scope scope = Scope.open("of the instance");

    @BeforeEach
    void open() {
      scope.close();
      scope = Scope.open("of the test");
    }

    @AfterEach
    void close() {
      scope.close();
    }

    @Test
    void isClean() {
      assertFalse(scope.isCancelled());
    }
  }

  static class OneMethodOnly {
    @Test
    void unchecked() {
      assertFalse(Scope.open("unchecked").isCancelled());
    }

    @Test
    @NoLeaks
    void checked() {
      assertFalse(Scope.open("checked").isCancelled());
    }
  }

  @NoLeaks
  static class FailsAndLeaks {
    @Test
    void fails() {
      assertFalse(Scope.open("left").isCancelled());
      throw new AssertionError("its own");
    }
  }

  @NoLeaks
  static class StartsInASharedScope {
    private static Scope shared = Scope.open("not yet");

    @BeforeAll
    static void open() {
      shared.close();
      shared = Scope.open("shared");
    }

    @AfterAll
    static void close() {
      shared.close();
    }

    @Test
    void process() {
      startReader(shared);
    }

    @Test
    void scopeInside() {
      startReader(shared.child("inside"));
    }

    @Test
    void processThatEnds() throws InterruptedException {
      try (var inside = shared.child("inside")) {
        startReader(inside);
        inside.cancel();
        inside.join();
      }
    }

    @Test
    void nothing() {
      assertFalse(shared.isCancelled());
    }
  }

  @NoLeaks
  static class OpensInBeforeAll {
    @BeforeAll
    static void open() {
      assertFalse(Scope.open("of the class").isCancelled());
    }

    @Test
    void isClean() {}
  }

  @NoLeaks
  static class OpensWithTheInstance {
    private final Scope scope = Scope.open("of the instance");

    @Test
    void isClean() {
      assertFalse(scope.isCancelled());
    }
  }

  @NoLeaks
  static class Declares {}

  static class Inherits extends Declares {
    @Test
    void leaks() {
      assertFalse(Scope.open("left").isCancelled());
    }
  }

  @NoLeaks
  static class HasNested {
    @Nested
    class Inside {
      @Test
      void leaksToo() {
        assertFalse(Scope.open("left").isCancelled());
      }
    }
  }

  @NoLeaks
  static class StartsByAnotherThread {
    @Test
    void leaves() throws InterruptedException {
      Thread.ofVirtual().start(() -> startReader(Scope.open("theirs"))).join();
    }

    @Test
    void ends() throws InterruptedException {
      Thread.ofVirtual()
          .start(() -> {
            try (var scope = Scope.open("theirs")) {
              startReader(scope);
            }
          })
          .join();
    }
  }
}
