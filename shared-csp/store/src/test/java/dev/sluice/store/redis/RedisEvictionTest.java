package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.store.testing.RedisProcess;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real server is asked whether it may forget what it is to keep. */
@Timeout(60)
class RedisEvictionTest {

  @Test
  void aServerThatEvictsIsNoticed() {
    try (var server = RedisProcess.start("--maxmemory-policy", "allkeys-lru")) {
      assertEquals(Optional.of("allkeys-lru"), policy(server));
      server.command("CONFIG SET maxmemory-policy volatile-ttl");
      assertEquals(Optional.of("volatile-ttl"), policy(server));
    }
  }

  @Test
  void aServerThatRefusesWhenItIsFullIsAsItShouldBe() {
    try (var server = RedisProcess.start()) {
      assertEquals(Optional.empty(), policy(server));
    }
    assertEquals(Optional.empty(), RedisClients.evictionPolicy(""));
  }

  private static Optional<String> policy(RedisProcess server) {
    return RedisClients.evictionPolicy(server.answer("INFO memory"));
  }
}
