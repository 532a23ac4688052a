package dev.sluice.mesh.process;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers as processes of this JVM, each in a scope of its own, so that one's failure does
 * not end the others. A warden waits outside that scope and tells how it ended.
 *
 * <pre>
 *   scope
 *     process worker-1.warden       starts the worker in its scope, joins that, then tells
 *     scope worker-1                the worker's processes
 * </pre>
 */
public final class ScopeLauncher implements Launcher {

  /** Starts a worker. */
  @FunctionalInterface
  public interface Starter {

    /**
     * Starts a worker that joins the supervisor by itself.
     *
     * @param scope its own; when all its processes have ended the worker has
     * @param launch what it says when it joins
     * @return asks it to leave in good order
     */
    Runnable start(Scope scope, String name, long launch) throws InterruptedException;
  }

  private final Scope scope;
  private final Starter starter;

  /**
   * @param scope in which those of the workers are
   */
  public ScopeLauncher(Scope scope, Starter starter) {
    this.scope = scope;
    this.starter = starter;
  }

  /**
   * @throws IllegalArgumentException it is a router: those of this JVM are not launched
   */
  @Override
  public Launched launch(Kind kind, String name, long launch, Consumer<String> ended) {
    if (kind == Kind.ROUTER) {
      throw new IllegalArgumentException("router " + name + " cannot be launched in this JVM");
    }
    Scope processes = scope.child(name);
    var leave = new Reply<Runnable>();
    scope.start(name + ".warden", () -> ended.accept(howItEnds(processes, name, launch, leave)));
    return new InScope(processes, leave);
  }

  private String howItEnds(Scope processes, String name, long launch, Reply<Runnable> leave)
      throws InterruptedException {
    try (processes) {
      leave.complete(starter.start(processes, name, launch));
      processes.join();
      return processes.isCancelled() ? "killed" : "ended";
    } catch (InterruptedException cancelled) {
      throw cancelled;
    } catch (CancellationException killed) {
      return "killed";
    } catch (Throwable failure) { // whatever it died of is the supervisor's to answer
      return "died: " + failure;
    }
  }

  private record InScope(Scope processes, Reply<Runnable> leave) implements Launched {

    @Override
    public @Nullable Long pid() {
      return null;
    }

    @Override
    public void stop() {
      leave.stage().thenAccept(Runnable::run);
    }

    @Override
    public void kill() {
      processes.cancel();
    }

    /** Threads cannot be stopped: the supervisor asks the worker itself to do nothing. */
    @Override
    public void stall(Duration time) {
      throw new UnsupportedOperationException("a worker of this JVM is stalled by an order");
    }
  }
}
