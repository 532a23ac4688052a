package dev.sluice.csp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Processes of one tree of scopes that wait for each other: none of them can wake another, and none
 * but {@link #wakers} can wake them. When there is no waker it is a deadlock.
 *
 * <p><b>What is claimed.</b> A process stands in a stall when
 *
 * <ul>
 *   <li>it waits without a time limit, neither its scope nor one around it has a {@link
 *       Scope#deadline}, and all that it waits for are channels made by {@link Scope#channel} and,
 *       beside these, {@link Scope#done} of scopes; or it waits in {@link Scope#join};
 *   <li>for each of these channels: all live processes of the scope that made it and of the scopes
 *       inside stand in the stall too, and so does everybody who waits on it;
 *   <li>for {@link Scope#join}: a process of that scope or of the scopes inside stands in the
 *       stall.
 * </ul>
 *
 * <p>The wakers are all other live processes of the tree, and the threads that opened its scopes
 * unless they wait as above or have ended. A thread that waits in {@link Scope#join} for processes
 * of the stall can wake nobody, and that is the usual case. The thread that asks for the snapshot
 * runs, so a stall in a scope that it has opened itself has it as a waker.
 *
 * <p>All this held at one and the same instant of the snapshot: each channel concerned was read
 * before and after the processes; in between it had carried nothing and nobody had begun to wait on
 * it, and it held exactly the offers of those that were seen to wait.
 *
 * <p><b>What is not claimed.</b> Nobody can tell which threads of a JVM hold a channel. A channel
 * of a scope is taken to be used by the processes of its tree and the threads that opened the
 * tree's scopes. When another thread uses it, such as an event loop that hands in requests, make it
 * a {@link Scope#port}, or a channel that belongs to no scope: who waits on these is never in a
 * stall. A deadlock that goes through such a channel, through a {@link Reply}, a {@link Timer} or a
 * lock is not seen, and neither is one among some processes of a scope while another process of it
 * runs: that one may yet wake them. Cancelling ends a deadlock; it does not count as waking.
 *
 * @param stuck who waits for each other
 * @param wakers who can wake them, such as {@code thread main}; empty when it is a deadlock
 */
public record Stall(List<Stuck> stuck, List<String> wakers) {

  /**
   * One that waits.
   *
   * @param name of the process or the thread
   * @param scope the name of the process's scope; null for a thread that is no process
   * @param id of the process in the snapshot ({@link ProcessSnapshot#id}); null for a thread
   * @param activity what it waits for
   */
  public record Stuck(
      String name, @Nullable String scope, @Nullable String id, Activity activity) {}

  /** {@return whether nothing can wake them but cancelling} */
  public boolean isDeadlock() {
    return wakers.isEmpty();
  }
}
