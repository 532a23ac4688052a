package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisAddressTest {

  @Test
  void readsWhatIsMeant() {
    assertUris("redis://host:6380/3", "host:6380/3");
    assertUris("redis://user:secret@host", "host:6379/0");
    assertUris("rediss://host:6380", "host:6380/0");
    assertUris("redis://[::1]:6380", "[::1]:6380/0");
    assertUris("redis-cluster://a:1,b:2,c", "a:1/0", "b:2/0", "c:6379/0");
    var sentinel = RedisAddress.of("redis-sentinel://a:1,b:2/4#main").uris(Duration.ofSeconds(1));
    assertEquals("main", sentinel.getFirst().getSentinelMasterId());
    assertEquals(2, sentinel.getFirst().getSentinels().size());
    assertEquals(4, sentinel.getFirst().getDatabase());
  }

  private static void assertUris(String address, String... expected) {
    assertEquals(
        List.of(expected),
        RedisAddress.of(address).uris(Duration.ofSeconds(1)).stream()
            .map(uri -> uri.getHost() + ":" + uri.getPort() + "/" + uri.getDatabase())
            .toList(),
        address);
  }

  @Test
  void refusesTheRestAndSaysWhatIsAllowed() {
    for (String wrong :
        List.of(
            "",
            "mysql://host",
            "redis://",
            "redis://host:0",
            "redis://host:99999",
            "redis://a:1,b:2",
            "redis://host/x",
            "redis-sentinel://a:1",
            "redis-cluster://a:1/2",
            "redis-cluster://a,,b",
            "redis://ho st")) {
      var error = assertThrows(IllegalArgumentException.class, () -> RedisAddress.of(wrong), wrong);
      String message = String.valueOf(error.getMessage());
      assertTrue(message.startsWith("is " + wrong + ", must be redis://host:port[/db], "), message);
      assertEquals(1, message.lines().count());
    }
  }

  @Test
  void keepsThePassword() {
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> RedisAddress.of("redis://u:secret@host:99999"));
    assertFalse(String.valueOf(error.getMessage()).contains("secret"));
    assertEquals("redis://***@host", RedisAddress.of("redis://u:secret@host").toString());
  }
}
