package dev.sluice.limiter.store;

import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisClients;
import dev.sluice.store.redis.RedisSettings;
import java.time.Duration;

/** Makes the stores of the processes that count on one Redis or Valkey. */
public final class RedisStores
    implements LimitStore.Factory, WindowCounters.Factory, AutoCloseable {
  private final RedisClients clients;
  private final RefusalSettings refusals;

  /**
   * @param address where Redis is
   * @param settings how it is used
   * @param refusals what is remembered of it
   */
  public RedisStores(RedisAddress address, RedisSettings settings, RefusalSettings refusals) {
    this.clients = new RedisClients(address, settings, LimiterScripts.ALL);
    this.refusals = refusals;
  }

  @Override
  public LimitStore open(int shard, Runnable wake) {
    return new RedisLimitStore(clients.lanes(wake), refusals);
  }

  @Override
  public WindowCounters open(Runnable wake) {
    return new RedisWindowCounters(clients.lanes(wake));
  }

  /**
   * Makes the store of a shard's leases.
   *
   * @param wake as in {@link LeaseStore.Factory#open}
   * @param lookAgain how often it is looked whether a lease has been released elsewhere
   */
  public LeaseStore openLeases(Duration lookAgain, Runnable wake) {
    return new RedisLeaseStore(clients.lanes(wake), lookAgain);
  }

  /** Ends all connections; what has not been answered yet fails. */
  @Override
  public void close() {
    clients.close();
  }
}
