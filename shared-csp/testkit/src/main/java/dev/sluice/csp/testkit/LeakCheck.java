package dev.sluice.csp.testkit;

import dev.sluice.csp.Processes;
import dev.sluice.csp.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Compares the open scopes after a test with those before. */
final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LeakCheck.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put("open", Processes.scopes());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    @SuppressWarnings("unchecked")
    List<Scope> before = (List<Scope>) context.getStore(NAMESPACE).get("open", List.class);
    var leaked = new ArrayList<>(Processes.scopes());
    leaked.removeAll(before);
    if (!leaked.isEmpty()) {
      String dump = Processes.dump();
      leaked.forEach(Scope::cancel); // so that the leak does not disturb the next test
      throw new AssertionError("the test left these scopes open: " + leaked + "\n" + dump);
    }
  }
}
