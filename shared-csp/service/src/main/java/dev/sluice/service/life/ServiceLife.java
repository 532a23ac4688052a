package dev.sluice.service.life;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.DeadlineExceededException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Processes;
import dev.sluice.csp.Scope;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Owns the scope in which a service's processes live, from its start to its end in good order.
 *
 * <p>A service's wiring starts its processes in {@link #scope} under the eyes of {@link #monitor},
 * and says with {@link #onDrain} how they learn that no more work will come. On SIGTERM the service
 * stops being ready, refuses new work, and waits until its processes have ended, for the grace
 * period at most. HTTP and gRPC are served meanwhile, so waiting callers get their answers.
 */
@Singleton
public class ServiceLife {
  private static final Logger LOG = Logger.getLogger(ServiceLife.class);

  private final LifeConfig config;
  private final Scope root;
  private final Scope processes;
  private final HeartbeatMonitor monitor;
  // Both are filled while starting and run once while stopping.
  private final List<Runnable> drains = new ArrayList<>();
  private final List<Runnable> ends = new ArrayList<>();

  /** Closed when the service begins to stop. */
  private final Channel<Void> serving;

  @Inject
  ServiceLife(LifeConfig config, @ConfigProperty(name = "quarkus.application.name") String name) {
    this.config = config;
    this.root = Scope.open(name, Clock.system(), new RoundOfEventLoop());
    this.monitor = HeartbeatMonitor.start(root, "heartbeats", config.heartbeat());
    this.serving = root.channel("serving", 0);
    this.processes = root.child("processes");
  }

  /**
   * Where the service starts its processes. They end by themselves once they have been told to
   * drain.
   */
  public Scope scope() {
    return processes;
  }

  /** Watches the hearts of the service's processes. */
  public HeartbeatMonitor monitor() {
    return monitor;
  }

  /**
   * Registers what to do when no more work will come, such as closing an inbox; called by the
   * wiring while the service starts. Run in the order of registration.
   */
  public void onDrain(Runnable drain) {
    drains.add(drain);
  }

  /**
   * Registers what to do when all processes have ended, such as writing down what they owned;
   * called by the wiring while the service starts. Run in the order of registration, also when the
   * grace period did not suffice and they were cancelled.
   */
  public void onEnded(Runnable end) {
    ends.add(end);
  }

  /** Whether the service takes new work: from its start until it is told to stop. */
  public boolean isServing() {
    return !serving.isClosedForSend();
  }

  /** Runs before the servers stop, while they still answer. */
  void drain(@Observes ShutdownDelayInitiatedEvent told) {
    serving.close();
    LOG.infof("stopping: no new work, finishing what was accepted within %s", config.grace());
    drains.forEach(Runnable::run);
    try {
      processes.deadline(config.grace());
      processes.join();
      LOG.info("all processes have ended"); // what became of their work they have said themselves
    } catch (DeadlineExceededException late) {
      LOG.errorf(
          "work was left unfinished after %s; what lives still:%n%s",
          config.grace(), Processes.dump());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return; // some may live still
    } catch (RuntimeException failure) {
      LOG.error("a process had failed", failure);
    }
    ends.forEach(Runnable::run);
  }

  /** Runs when the servers have stopped. */
  void stop(@Observes ShutdownEvent stopped) {
    root.close();
  }
}
