package dev.sluice.dedup.store;

import dev.sluice.dedup.store.claims.ClaimScript;
import dev.sluice.dedup.store.claims.ClaimStore;
import dev.sluice.dedup.store.claims.RedisClaimStore;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisClients;
import dev.sluice.store.redis.RedisSettings;
import java.time.Duration;
import java.util.List;

/** Makes the stores of the processes that share one Redis or Valkey. */
public final class RedisStores implements SeenStore.Factory, AutoCloseable {
  private final RedisClients clients;
  private final KeyForm form;
  private final int shards;

  /**
   * @param address where Redis is
   * @param settings how it is used
   * @param form how keys are kept there; all instances must agree
   * @param shards how many processes share the seen keys
   */
  public RedisStores(RedisAddress address, RedisSettings settings, KeyForm form, int shards) {
    this.clients =
        new RedisClients(
            address, settings, List.of(SeenScripts.SEEN, SeenScripts.COUNT, ClaimScript.CLAIMS));
    this.form = form;
    this.shards = shards;
  }

  @Override
  public SeenStore open(int shard, Runnable wake) {
    return new RedisSeenStore(clients.lanes(wake), new RedisKeys(form), shard, shards);
  }

  /**
   * Makes the store of a shard's claims.
   *
   * @param lookAgain how often it is looked whether a claim has ended through another instance
   * @param wake as in {@link SeenStore.Factory#open}
   */
  public ClaimStore openClaims(Duration lookAgain, Runnable wake) {
    return new RedisClaimStore(clients.lanes(wake), new RedisKeys(form), lookAgain);
  }

  /** Ends all connections; what has not been answered yet fails. */
  @Override
  public void close() {
    clients.close();
  }
}
