package dev.sluice.csp.testkit;

import dev.sluice.csp.Process;
import dev.sluice.csp.Processes;
import dev.sluice.csp.Scope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Compares what lives after a test, and after a class, with what lived before. */
final class LeakCheck
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LeakCheck.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    remember(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    remember(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    check(context, "test");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    check(context, "class");
  }

  private static void remember(ExtensionContext context) {
    context.getStore(NAMESPACE).put(Living.class, Living.now());
  }

  private static void check(ExtensionContext context, String what) {
    Living leaked = Living.now();
    leaked.remove(before(context));
    if (leaked.isEmpty()) {
      return;
    }
    String dump = Processes.dump();
    leaked.cancel();
    for (var around = Optional.of(context); around.isPresent(); around = around.get().getParent()) {
      before(around.get()).add(leaked); // told once
    }
    throw new AssertionError("the " + what + " left behind: " + leaked + "\n" + dump);
  }

  /** What lived before the test or, where nobody has looked, before what is around it. */
  private static Living before(ExtensionContext context) {
    @Nullable Living before = context.getStore(NAMESPACE).get(Living.class, Living.class);
    return before == null ? new Living() : before;
  }

  /** Open scopes, the ones inside others too, and the processes that live in them. */
  private static final class Living {
    private final Set<Scope> scopes = new LinkedHashSet<>();
    private final Set<Process> processes = new LinkedHashSet<>();

    static Living now() {
      var living = new Living();
      Processes.scopes().forEach(living::add);
      return living;
    }

    private void add(Scope scope) {
      scopes.add(scope);
      processes.addAll(scope.processes());
      scope.children().forEach(this::add);
    }

    void add(Living others) {
      scopes.addAll(others.scopes);
      processes.addAll(others.processes);
    }

    void remove(Living others) {
      scopes.removeAll(others.scopes);
      processes.removeAll(others.processes);
    }

    boolean isEmpty() {
      return scopes.isEmpty() && processes.isEmpty();
    }

    void cancel() {
      scopes.forEach(Scope::cancel);
      processes.forEach(Process::cancel);
    }

    @Override
    public String toString() {
      List<String> names = new ArrayList<>();
      scopes.forEach(scope -> names.add("scope " + scope.name()));
      processes.forEach(
          process -> names.add("process " + process.name() + " of scope " + process.scope()));
      return String.join(", ", names);
    }
  }
}
