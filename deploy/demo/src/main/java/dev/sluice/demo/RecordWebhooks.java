package dev.sluice.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the demo's recording: a minute of a shop platform's webhooks, the same to the byte on every
 * machine.
 *
 * <pre>
 *   order.created -> payment.authorized -> payment.captured -> shipment.created -> shipment.dispatched
 *                          |                      |
 *                          |                      +-> payment.refunded
 *                          +-> payment.failed -> order.cancelled
 *   user.updated, now and then
 * </pre>
 *
 * <p>Eight shops send; each order runs through that life. Two of the shops send several hundred
 * events within a second (a flash sale, a warehouse's backlog). About one event in ten arrives
 * again: some at the same moment, as from two senders that both took over, some seconds later, as
 * from a sender that saw no answer.
 *
 * <pre>
 *   java -cp ... dev.sluice.demo.RecordWebhooks src/main/resources/webhooks.ndjson
 * </pre>
 */
public final class RecordWebhooks {

  static final long SEED = 20_261_120;

  private static final Instant START = Instant.parse("2026-11-20T09:00:00Z");
  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private static final int LENGTH_MILLIS = 64_000;
  private static final int ORDERS = 330;
  private static final int ACCOUNTS_OF_A_SHOP = 9;

  /** What of a hundred orders each shop gets; they add up to 100. */
  private enum Shop {
    ATLAS_OUTDOOR(20),
    BREW_AND_BEAN(16),
    COBALT_AUDIO(14),
    LUMEN_BOOKS(18),
    NORDIC_KNITS(9),
    PIXEL_PARTS(11),
    TINY_TOYS(7),
    VERDE_GARDEN(5);

    final int share;
    final String sender = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Shop(int share) {
      this.share = share;
    }
  }

  private final RandomGenerator random;
  private final List<Webhook> events = new ArrayList<>();
  private final List<List<String>> accounts;
  private int orders = 104_200;

  private RecordWebhooks(RandomGenerator random) {
    this.random = random;
    this.accounts =
        IntStream.range(0, Shop.values().length)
            .mapToObj(shop ->
                IntStream.range(0, ACCOUNTS_OF_A_SHOP).mapToObj(n -> "acct_" + letters(8)).toList())
            .toList();
  }

  /** The recording in order of arrival, as the random numbers of {@code random} have it. */
  static List<Webhook> record(RandomGenerator random) {
    return new RecordWebhooks(random).record();
  }

  /** The recording as it stands in the file, one JSON object a line. */
  static String ndjson(List<Webhook> recording) {
    var json = JsonMapper.builder().build().writerFor(Webhook.class);
    return recording.stream()
        .map(webhook -> {
          try {
            return json.writeValueAsString(webhook) + "\n";
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })
        .collect(Collectors.joining());
  }

  /** Writes the recording to the file that is named, or to standard output. */
  public static void main(String[] args) throws IOException {
    String recording = ndjson(record(new Random(SEED)));
    if (args.length == 0) {
      System.out.print(recording);
    } else {
      Files.writeString(Path.of(args[0]), recording);
    }
  }

  private List<Webhook> record() {
    random.ints(ORDERS, 0, LENGTH_MILLIS - 4_000).sorted().forEach(at -> order(at, shop()));
    flashSale(17_000);
    backlog(38_000);
    events.removeIf(event -> event.at() >= LENGTH_MILLIS);
    redeliver();
    events.sort(Comparator.comparingLong(Webhook::at));
    return List.copyOf(events);
  }

  private void order(long at, Shop shop) {
    String order = "ord_" + orders++;
    String account = accounts.get(shop.ordinal()).get(skewed(ACCOUNTS_OF_A_SHOP));
    int amount = 490 + random.nextInt(240) * 50;
    String payment = "pay_" + letters(10);
    boolean oldErp = shop == Shop.NORDIC_KNITS;
    event(
        at,
        shop,
        "order.created",
        oldErp ? "/rejecting/erp" : "/fast/orders",
        null,
        orderCreated(order, amount));
    at += after(400);
    event(at, shop, "payment.authorized", "/fast/ledger", account, payment(payment, order, amount));
    at += after(1_500);
    if (random.nextInt(100) < 8) {
      event(at, shop, "payment.failed", "/fast/ledger", account, payment(payment, order, amount));
      event(
          at + after(300),
          shop,
          "order.cancelled",
          "/flaky/crm",
          null,
          reason(order, "payment_failed"));
      return;
    }
    event(at, shop, "payment.captured", "/fast/ledger", account, payment(payment, order, amount));
    long shipped = at + after(3_000);
    String tracking = "1Z" + letters(14);
    event(shipped, shop, "shipment.created", "/slow/warehouse", null, shipment(order, tracking));
    boolean fax = shop == Shop.VERDE_GARDEN;
    event(
        shipped + after(4_000),
        shop,
        "shipment.dispatched",
        fax ? "/failing/fax" : "/slow/warehouse",
        null,
        shipment(order, tracking));
    if (random.nextInt(100) < 6) {
      event(
          at + after(6_000),
          shop,
          "payment.refunded",
          "/fast/ledger",
          account,
          payment(payment, order, amount));
    }
    if (random.nextInt(100) < 45) {
      event(at + after(2_000), shop, "user.updated", "/flaky/crm", account, user());
    }
  }

  /** 420 orders of one shop within 900 ms. */
  private void flashSale(long at) {
    for (int i = 0; i < 420; i++) {
      var order = orderCreated("ord_" + orders++, 1_990);
      event(
          at + random.nextInt(900), Shop.PIXEL_PARTS, "order.created", "/fast/orders", null, order);
    }
  }

  /** 300 parcels that a warehouse reports at once, within 700 ms. */
  private void backlog(long at) {
    for (int i = 0; i < 300; i++) {
      var shipment = shipment("ord_" + (103_400 + i), "1Z" + letters(14));
      String path = i % 4 == 0 ? "/slow/warehouse" : "/fast/tracking";
      event(at + random.nextInt(700), Shop.TINY_TOYS, "shipment.delivered", path, null, shipment);
    }
  }

  /**
   * One event in ten arrives again: half of these at the same moment, some of them even a third
   * time.
   */
  private void redeliver() {
    for (Webhook event : List.copyOf(events)) {
      if (random.nextInt(100) < 10) {
        boolean atOnce = random.nextInt(100) < 45;
        Webhook again = event.again(atOnce ? random.nextInt(3) : 2_000 + random.nextInt(18_000));
        if (again.at() < LENGTH_MILLIS) {
          events.add(again);
          if (random.nextInt(100) < 20) {
            events.add(again.again(random.nextInt(2)));
          }
        }
      }
    }
  }

  private void event(
      long at, Shop shop, String type, String path, @Nullable String account, ObjectNode data) {
    Instant created = START.plusMillis(at - 20 - random.nextInt(160));
    events.add(
        new Webhook(
            at, id(created), shop.sender, type, RFC_3339.format(created), path, account, data));
  }

  /** As a ULID: 48 bits of time, then chance, in Crockford's base 32. */
  private String id(Instant created) {
    var time = new StringBuilder();
    for (int shift = 45; shift >= 0; shift -= 5) {
      time.append(CROCKFORD.charAt((int) (created.toEpochMilli() >>> shift) & 31));
    }
    return "evt_" + time + letters(16);
  }

  private ObjectNode orderCreated(String order, int amount) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("order", order)
        .put("items", 1 + skewed(6))
        .put("amount", amount)
        .put("currency", "EUR");
  }

  private ObjectNode payment(String payment, String order, int amount) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("payment", payment)
        .put("order", order)
        .put("amount", amount)
        .put("currency", "EUR");
  }

  private ObjectNode reason(String order, String reason) {
    return JsonNodeFactory.instance.objectNode().put("order", order).put("reason", reason);
  }

  private ObjectNode shipment(String order, String tracking) {
    return JsonNodeFactory.instance.objectNode().put("order", order).put("tracking", tracking);
  }

  private ObjectNode user() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("user", "usr_" + letters(8))
        .put("newsletter", random.nextInt(2) == 0);
  }

  private Shop shop() {
    int at = random.nextInt(100);
    for (Shop shop : Shop.values()) {
      at -= shop.share;
      if (at < 0) {
        return shop;
      }
    }
    throw new AssertionError("the shops' shares add up to less than 100");
  }

  /**
   * An exponentially distributed wait; StrictMath, because Math.log may differ in its last bit
   * between machines.
   */
  private long after(int meanMillis) {
    return 5 + (long) (-StrictMath.log(1 - random.nextDouble()) * meanMillis);
  }

  /** 0 to bound - 1, the small ones more often. */
  private int skewed(int bound) {
    return Math.min(random.nextInt(bound), random.nextInt(bound));
  }

  private String letters(int count) {
    return random
        .ints(count, 0, CROCKFORD.length())
        .mapToObj(i -> String.valueOf(CROCKFORD.charAt(i)))
        .collect(Collectors.joining());
  }
}
