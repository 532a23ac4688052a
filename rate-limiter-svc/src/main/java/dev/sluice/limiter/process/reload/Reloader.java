package dev.sluice.limiter.process.envoy;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import java.time.Duration;
import java.util.function.Predicate;

/** Looks after the files: reads them when they change and has the {@link Decider} enforce them. */
final class Reloader implements Shards.Owner<Reloader.Ask> {

  /**
   * Asks how things stand.
   *
   * @param look whether to look first, whatever the time
   */
  record Ask(boolean look, Reply<RulesState> reply) implements Shards.Message {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  private final RulesSource source;
  private final Predicate<Rules> enforce;
  private final RulesListener listener;
  private final long every;
  private final Clock clock;
  private RulesState state;
  private boolean enforced = true;
  private long nextLook;

  /**
   * @param enforce hands rules on; false when that was not possible just now
   * @param first the rules that are in force already
   */
  Reloader(
      RulesSource source,
      Predicate<Rules> enforce,
      RulesListener listener,
      Duration every,
      Clock clock,
      Rules first) {
    this.source = source;
    this.enforce = enforce;
    this.listener = listener;
    this.every = every.toNanos();
    this.clock = clock;
    this.state = new RulesState(first, clock.instant(), null);
    this.nextLook = clock.nanos() + this.every;
  }

  @Override
  public void handle(Ask message) {
    if (message.look()) {
      look();
    }
    message.reply().complete(state);
  }

  @Override
  public Duration tick() {
    if (clock.nanos() - nextLook >= 0) {
      look();
    }
    return Duration.ofNanos(nextLook - clock.nanos());
  }

  @Override
  public boolean isIdle() {
    return true;
  }

  private void look() {
    nextLook = clock.nanos() + every;
    try {
      Rules changed = source.readIfChanged();
      if (changed != null) {
        state = new RulesState(changed, clock.instant(), null);
        enforced = false;
        listener.loaded(changed);
      }
    } catch (RulesException wrong) {
      var refusal =
          new RulesState.Refusal(wrong.file(), wrong.line(), wrong.reason(), clock.instant());
      state = new RulesState(state.rules(), state.loadedAt(), refusal);
      listener.refused(wrong);
    }
    if (!enforced) {
      enforced = enforce();
    }
  }

  /** When the decider has no room for it now, there will be at the next look. */
  private boolean enforce() {
    try {
      return enforce.test(state.rules());
    } catch (ChannelClosedException ending) {
      return true; // nobody asks any more
    }
  }
}
