package dev.sluice.cookbook.orders;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** A run of tests by themselves, for tests that are to fail. */
public record TestRun(long succeeded, List<String> failures) {

  /** Runs the tests of a class; the failures are told by the first line of their messages. */
  public static TestRun of(Class<?> tests) {
    var listener = new SummaryGeneratingListener();
    var request = LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build();
    LauncherFactory.create().execute(request, listener);
    var summary = listener.getSummary();
    var failures =
        summary.getFailures().stream()
            .map(failure -> String.valueOf(failure.getException().getMessage()))
            .map(message -> message.lines().findFirst().orElse(""))
            .toList();
    return new TestRun(summary.getTestsSucceededCount(), failures);
  }
}
