package dev.sluice.csp;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a scope consists of, at one instant for the whole tree.
 *
 * @param scope whose look this is
 * @param done its {@link Scope#done}
 * @param opener the thread that has opened it
 * @param joining the threads that wait for its end
 * @param cancelled whether it has been cancelled
 * @param ends whether a deadline will cancel it
 * @param channels its channels, the ports among them
 * @param ports those of its channels that threads outside use
 * @param processes those that have not ended
 * @param inside the scopes directly inside
 */
record ScopeLook(
    Scope scope,
    Channel<Void> done,
    Thread opener,
    List<Thread> joining,
    boolean cancelled,
    boolean ends,
    List<Channel<?>> channels,
    Set<Channel<?>> ports,
    List<Process> processes,
    List<ScopeLook> inside) {

  /** Calls {@code visitor} for this scope, then for all inside. */
  void visit(Consumer<ScopeLook> visitor) {
    visitor.accept(this);
    inside.forEach(scope -> scope.visit(visitor));
  }
}
