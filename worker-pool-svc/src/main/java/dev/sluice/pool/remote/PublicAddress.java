package dev.sluice.pool.remote;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * Tells addresses of the public internet from those that mean something on this machine or network
 * only: what the registries list as not globally reachable, and multicast.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA IPv4 special
 *     registry</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA IPv6 special
 *     registry</a>
 */
final class PublicAddress {
  private PublicAddress() {}

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? isPublic4(bytes) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] address) {
    int a = address[0] & 0xFF;
    int b = address[1] & 0xFF;
    int c = address[2] & 0xFF;
    boolean special =
        a == 0 // this network
            || a == 10 // private
            || a == 100 && b >= 64 && b < 128 // shared by a provider's customers
            || a == 127 // loopback
            || a == 169 && b == 254 // link-local; the clouds' metadata
            || a == 172 && b >= 16 && b < 32 // private
            || a == 192 && b == 0 && c == 0 // protocol assignments
            || a == 192 && b == 0 && c == 2 // documentation
            || a == 192 && b == 88 && c == 99 // 6to4 relays, no longer in use
            || a == 192 && b == 168 // private
            || a == 198 && (b == 18 || b == 19) // benchmarks
            || a == 198 && b == 51 && c == 100 // documentation
            || a == 203 && b == 0 && c == 113 // documentation
            || a >= 224; // multicast, reserved, broadcast
    return !special;
  }

  private static boolean isPublic6(byte[] address) {
    int first = (address[0] & 0xFF) << 8 | address[1] & 0xFF;
    int second = (address[2] & 0xFF) << 8 | address[3] & 0xFF;
    if (first == 0x64 && second == 0xFF9B) {
      return isZero(address, 4, 12) && isPublic4(Arrays.copyOfRange(address, 12, 16)); // NAT64
    }
    if (first == 0x2002) {
      return isPublic4(Arrays.copyOfRange(address, 2, 6)); // 6to4
    }
    // Only 2000::/3 is given out; loopback, IPv4 in IPv6, private (fc00::/7), link-local
    // (fe80::/10)
    // and multicast (ff00::/8) all lie outside.
    boolean special =
        first < 0x2000
            || first > 0x3FFF
            || first == 0x2001 && second < 0x200 // protocol assignments, Teredo among them
            || first == 0x2001 && second == 0xDB8 // documentation
            || first == 0x3FFF && second < 0x1000; // documentation
    return !special;
  }

  private static boolean isZero(byte[] address, int from, int to) {
    for (int i = from; i < to; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
