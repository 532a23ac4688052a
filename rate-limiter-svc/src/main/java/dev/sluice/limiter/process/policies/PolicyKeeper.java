package dev.sluice.limiter.process.policies;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.limiter.process.permits.Leases;
import dev.sluice.limiter.process.reload.ConfigListener;
import dev.sluice.limiter.process.reload.ConfigSource;
import dev.sluice.limiter.process.reload.ConfigState;
import dev.sluice.limiter.process.reload.Reloader;
import java.time.Duration;

/** Looks after the policies: when they change, everybody who goes by them is told. */
public final class PolicyKeeper {
  private final Reloader<NamedPolicies> reloader;

  private PolicyKeeper(Reloader<NamedPolicies> reloader) {
    this.reloader = reloader;
  }

  /**
   * Starts its process in the scope.
   *
   * @param monitor watches its heart
   * @param first what is in force already
   * @param source is looked at regularly
   * @param every how often
   * @param listener is told of what has been read from now on
   */
  public static PolicyKeeper start(
      Scope scope,
      HeartbeatMonitor monitor,
      Limiter limiter,
      Leases leases,
      NamedPolicies first,
      ConfigSource<NamedPolicies> source,
      Duration every,
      ConfigListener<NamedPolicies> listener)
      throws InterruptedException {
    return new PolicyKeeper(
        Reloader.start(
            scope,
            "policies",
            monitor,
            first,
            source,
            every,
            changed -> limiter.enforce(changed.rates()) & leases.enforce(changed.permits()),
            listener));
  }

  /**
   * Says which policies are in force, and what is wrong with those that are not. Never waits.
   *
   * @throws ChannelClosedException the process is ending
   */
  public Reply<ConfigState<NamedPolicies>> policies() {
    return reloader.state();
  }

  /**
   * Looks now whether the policies have changed, and says how they stand then. Never waits.
   *
   * @return requests made after this has come go by what it says, but in a shard whose inbox was
   *     full: there from the next look on
   * @throws ChannelClosedException the process is ending
   */
  public Reply<ConfigState<NamedPolicies>> reload() {
    return reloader.reload();
  }

  /** Looks no more. */
  public void close() {
    reloader.close();
  }
}
