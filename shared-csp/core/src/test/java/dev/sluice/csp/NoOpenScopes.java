package dev.sluice.csp;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a scope open. (The testkit's leak check stands on this module.) */
final class NoOpenScopes implements AfterEachCallback {

  @Override
  public void afterEach(ExtensionContext context) {
    var open = Processes.scopes();
    if (!open.isEmpty()) {
      String dump = Processes.dump();
      open.forEach(Scope::close); // so that the next test does not fail for it
      throw new AssertionError("the test left these scopes open: " + open + "\n" + dump);
    }
  }
}
