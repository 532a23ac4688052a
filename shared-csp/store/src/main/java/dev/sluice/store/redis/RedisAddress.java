package dev.sluice.store.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where Redis is, as it is written in the configuration:
 *
 * <ul>
 *   <li>{@code redis://[[user:]password@]host[:port][/db]}, or {@code rediss://} with TLS
 *   <li>{@code redis-sentinel://[password@]host[:port],...[/db]#master}
 *   <li>{@code redis-cluster://[[user:]password@]host[:port],...}
 * </ul>
 */
public final class RedisAddress {
  private static final String ALLOWED =
      "must be redis://host:port[/db], redis-sentinel://host:port,...[/db]#master"
          + " or redis-cluster://host:port,...";
  private static final Pattern SECRET = Pattern.compile("//[^@/]*@");
  private static final Pattern NODE =
      Pattern.compile("[\\w.-]+(:\\d{1,5})?|\\[[\\p{XDigit}:.]+](:\\d{1,5})?");
  private static final Pattern PARTS =
      Pattern.compile(
          "(rediss?|redis-sentinel|redis-cluster)://([^@/]*@)?([^@/#?]+)(/\\d*)?(#.+)?");

  /** What is there. */
  enum Kind {
    SINGLE,
    SENTINEL,
    CLUSTER
  }

  private final Kind kind;
  private final List<String> uris;
  private final String text;

  private RedisAddress(Kind kind, List<String> uris, String text) {
    this.kind = kind;
    this.uris = uris;
    this.text = text;
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException it is none; says what is allowed, and keeps the password
   */
  public static RedisAddress of(String text) {
    var parts = PARTS.matcher(text);
    String shown = SECRET.matcher(text).replaceFirst("//***@");
    if (!parts.matches()) {
      throw new IllegalArgumentException("is " + shown + ", " + ALLOWED);
    }
    Kind kind =
        switch (parts.group(1)) {
          case "redis-sentinel" -> Kind.SENTINEL;
          case "redis-cluster" -> Kind.CLUSTER;
          default -> Kind.SINGLE;
        };
    List<String> nodes = List.of(parts.group(3).split(",", -1));
    boolean fits =
        nodes.stream().allMatch(RedisAddress::isNode)
            && (kind != Kind.SINGLE || nodes.size() == 1)
            && (kind == Kind.SENTINEL) == (parts.group(5) != null)
            && (kind != Kind.CLUSTER || parts.group(4) == null || parts.group(4).equals("/"));
    if (!fits) {
      throw new IllegalArgumentException("is " + shown + ", " + ALLOWED);
    }
    if (kind != Kind.CLUSTER) {
      return new RedisAddress(kind, List.of(text), shown);
    }
    String secret = parts.group(2) == null ? "" : parts.group(2);
    return new RedisAddress(
        kind, nodes.stream().map(node -> "redis://" + secret + node).toList(), shown);
  }

  private static boolean isNode(String text) {
    if (!NODE.matcher(text).matches()) {
      return false;
    }
    int colon = text.lastIndexOf(':');
    if (colon < 0 || text.endsWith("]")) {
      return true;
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    return port >= 1 && port <= 65_535;
  }

  Kind kind() {
    return kind;
  }

  /** What the client takes: one, or the nodes of a cluster that are asked for the others. */
  List<RedisURI> uris(Duration timeout) {
    var made = new ArrayList<RedisURI>();
    for (String each : uris) {
      RedisURI uri = RedisURI.create(each);
      uri.setTimeout(timeout);
      uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(timeout));
      made.add(uri);
    }
    return made;
  }

  /** As it is written, without the password. */
  @Override
  public String toString() {
    return text;
  }
}
