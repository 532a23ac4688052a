package dev.sluice.pool.remote;

import dev.sluice.csp.Clock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks up the hosts that the HTTP client is about to connect to, names and literal addresses
 * alike, and lets it have only addresses that are allowed. What is checked is what is connected to:
 * a name that has another address a moment later gains nothing (DNS rebinding).
 *
 * <p>A lookup blocks its thread, and a virtual one would block its carrier; so they run on a few
 * platform threads. No more wait for these than calls are under way.
 */
final class HostLookup implements DnsResolver, AutoCloseable {
  /** When the call gives up, on the scale of the clock; bound by who calls. */
  static final ScopedValue<Long> DEADLINE = ScopedValue.newInstance();

  private static final int THREADS = 16;

  /** Where addresses of names come from. */
  @FunctionalInterface
  interface Names {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** A host must not be connected to. */
  static final class RefusedHostException extends UnknownHostException {
    private static final long serialVersionUID = 1;

    RefusedHostException(String message) {
      super(message);
    }
  }

  private final Predicate<InetAddress> allowed;
  private final Names names;
  private final Clock clock;
  private final ThreadPoolExecutor threads;

  /**
   * @param allowed which addresses may be connected to
   */
  HostLookup(Predicate<InetAddress> allowed, Names names, Clock clock) {
    this.allowed = allowed;
    this.names = names;
    this.clock = clock;
    ThreadFactory factory = Thread.ofPlatform().daemon().name("lookup-", 0).factory();
    this.threads = (ThreadPoolExecutor) Executors.newFixedThreadPool(THREADS, factory);
  }

  /**
   * The addresses of a host.
   *
   * @throws RefusedHostException one of them is not allowed
   * @throws UnknownHostException it has none, or they were not known before the deadline, or the
   *     thread was interrupted, which it still is
   */
  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = lookUp(host);
    for (InetAddress address : addresses) {
      if (!allowed.test(address)) {
        throw new RefusedHostException(
            "the host "
                + host
                + " has the address "
                + address.getHostAddress()
                + ", which is not public; sluice.pool.targets.allow-private is false");
      }
    }
    return addresses;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    var lookup = new FutureTask<>(() -> names.addresses(host));
    try {
      threads.execute(lookup);
    } catch (RejectedExecutionException closed) {
      throw new UnknownHostException(host);
    }
    Clock.Alarm alarm = clock.schedule(DEADLINE.get(), () -> lookup.cancel(true));
    try {
      return lookup.get();
    } catch (CancellationException late) {
      throw new UnknownHostException(host);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnknownHostException(host);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof UnknownHostException unknown
          ? unknown
          : new UnknownHostException(host + ": " + failed.getCause());
    } finally {
      alarm.cancel();
      lookup.cancel(true);
      threads.remove(lookup);
    }
  }
}
