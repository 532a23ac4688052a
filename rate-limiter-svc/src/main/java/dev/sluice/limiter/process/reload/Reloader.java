package dev.sluice.limiter.process.reload;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Looks after a configuration: a process that reads it when it changes and hands it on to those who
 * enforce it.
 *
 * @param <C> the configuration
 */
public final class Reloader<C> {
  private static final int INBOX = 16;

  private final Shards<Ask<C>> process;

  private Reloader(Shards<Ask<C>> process) {
    this.process = process;
  }

  /**
   * Starts the process in the scope.
   *
   * @param name the process's
   * @param monitor watches its heart
   * @param first what is in force already
   * @param source is looked at regularly
   * @param every how often
   * @param enforce hands a configuration on; false when that was not possible just now, it is then
   *     called again at the next look
   * @param listener is told of what has been read from now on
   */
  public static <C> Reloader<C> start(
      Scope scope,
      String name,
      HeartbeatMonitor monitor,
      C first,
      ConfigSource<C> source,
      Duration every,
      Predicate<C> enforce,
      ConfigListener<C> listener)
      throws InterruptedException {
    return new Reloader<>(
        Shards.start(
            scope,
            name,
            1,
            INBOX,
            monitor,
            _ -> new Looking<>(source, enforce, listener, every, scope.clock(), first)));
  }

  /**
   * Says how the configuration stands. Never waits.
   *
   * @throws ChannelClosedException the process is ending
   */
  public Reply<ConfigState<C>> state() {
    return ask(false);
  }

  /**
   * Looks now whether the configuration has changed, and says how it stands then. Never waits.
   *
   * @return when it has come, the new configuration has been handed on, to all whose inbox had
   *     room; to the others it is at the next look
   * @throws ChannelClosedException the process is ending
   */
  public Reply<ConfigState<C>> reload() {
    return ask(true);
  }

  private Reply<ConfigState<C>> ask(boolean look) {
    var reply = new Reply<ConfigState<C>>();
    if (!process.trySendTo(0, new Ask<>(look, reply))) {
      reply.fail(new IllegalStateException("too many ask for the state of the configuration"));
    }
    return reply;
  }

  /** Looks no more. */
  public void close() {
    process.close();
  }

  /** Asks how things stand; looks first, whatever the time, if told to. */
  private record Ask<C>(boolean look, Reply<ConfigState<C>> reply) implements Shards.Message {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  private static final class Looking<C> implements Shards.Owner<Ask<C>> {
    private final ConfigSource<C> source;
    private final Predicate<C> enforce;
    private final ConfigListener<C> listener;
    private final long every;
    private final Clock clock;
    private ConfigState<C> state;
    private boolean enforced = true;
    private long nextLook;

    Looking(
        ConfigSource<C> source,
        Predicate<C> enforce,
        ConfigListener<C> listener,
        Duration every,
        Clock clock,
        C first) {
      this.source = source;
      this.enforce = enforce;
      this.listener = listener;
      this.every = every.toNanos();
      this.clock = clock;
      this.state = new ConfigState<>(first, clock.instant(), null);
      this.nextLook = clock.nanos() + this.every;
    }

    @Override
    public void handle(Ask<C> message) {
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
        C changed = source.readIfChanged();
        if (changed != null) {
          state = new ConfigState<>(changed, clock.instant(), null);
          enforced = false;
          listener.loaded(changed);
        }
      } catch (ConfigException wrong) {
        refuse(wrong);
      } catch (RuntimeException | StackOverflowError broken) { // nobody has thought of that
        refuse(new ConfigException("the configuration", 0, "cannot be read: " + broken));
      }
      if (!enforced) {
        enforced = enforce();
      }
    }

    private void refuse(ConfigException wrong) {
      var refusal =
          new ConfigState.Refusal(wrong.file(), wrong.line(), wrong.reason(), clock.instant());
      state = new ConfigState<>(state.config(), state.loadedAt(), refusal);
      listener.refused(wrong);
    }

    private boolean enforce() {
      try {
        return enforce.test(state.config());
      } catch (ChannelClosedException ending) {
        return true; // nobody asks any more
      }
    }
  }
}
