package dev.sluice.pool.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.pool.remote.HostLookup.Names;
import dev.sluice.pool.remote.HostLookup.RefusedHostException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looks up literal addresses and names of this machine only; connects to nobody. */
@Timeout(60)
class HostLookupTest {

  /** Some resolvers take them for 127.0.0.1, and some for others; here they are what is checked. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.0.1.",
        "localhost",
        "localhost.",
        "[::1]",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "0",
        "0.0.0.0",
        "\u0661\u0662\u0667.0.0.1"
      })
  void givesNoAddressThatIsNotPublicHoweverItIsWritten(String host) {
    try (var lookup = guarded(InetAddress::getAllByName)) {
      InetAddress[] addresses = resolve(lookup, host);
      assertTrue(Arrays.stream(addresses).allMatch(PublicAddress::isPublic), host);
    } catch (UnknownHostException refused) {
      assertTrue(String.valueOf(refused.getMessage()).contains(host.replaceAll("[\\[\\]]", "")));
    }
  }

  @Test
  void refusesAHostThatHasOneAddressThatIsNotPublicAmongOthers() throws Exception {
    InetAddress fine = InetAddress.getByName("93.184.215.14");
    InetAddress bad = InetAddress.getByName("10.0.0.7");
    try (var lookup = guarded(_ -> new InetAddress[] {fine, bad})) {
      assertEquals(
          "the host mixed.test has the address 10.0.0.7, which is not public;"
              + " sluice.pool.targets.allow-private is false",
          assertThrows(RefusedHostException.class, () -> resolve(lookup, "mixed.test"))
              .getMessage());
    }
    try (var lookup = guarded(_ -> new InetAddress[] {fine})) {
      assertArrayEquals(new InetAddress[] {fine}, resolve(lookup, "fine.test"));
    }
  }

  @Test
  void aNameServerThatFailsInAnyWayKnowsNoHost() {
    try (var lookup =
        guarded(_ -> {
          throw new IllegalStateException("broken");
        })) {
      assertThrows(UnknownHostException.class, () -> resolve(lookup, "a.test"));
    }
  }

  @Test
  void lookupsThatNobodyWaitsForAnyMoreMakeRoomForOthers() throws Exception {
    var never = Channel.<InetAddress[]>rendezvous();
    Names names =
        host -> {
          if (host.equals("fast.test")) {
            return InetAddress.getAllByName("93.184.215.14");
          }
          try {
            return never.receive();
          } catch (InterruptedException stopped) {
            throw new UnknownHostException(host);
          }
        };
    var clock = new VirtualClock();
    try (var lookup = new HostLookup(PublicAddress::isPublic, names, clock)) {
      for (int i = 0; i < 100; i++) {
        assertThrows(UnknownHostException.class, () -> resolve(lookup, "hangs.test", 0));
      }
      assertEquals(1, resolve(lookup, "fast.test", 1).length);
      assertEquals(0, clock.alarms());
    }
    never.close();
  }

  private static HostLookup guarded(Names names) {
    return new HostLookup(PublicAddress::isPublic, names, Clock.system());
  }

  private static InetAddress[] resolve(HostLookup lookup, String host) throws UnknownHostException {
    return resolve(lookup, host, Clock.system().nanos() + 10_000_000_000L);
  }

  private static InetAddress[] resolve(HostLookup lookup, String host, long deadline)
      throws UnknownHostException {
    return ScopedValue.where(HostLookup.DEADLINE, deadline).call(() -> lookup.resolve(host));
  }
}
