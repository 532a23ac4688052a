package dev.sluice.cookbook.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.cookbook.orders.Receipt.Booked;
import dev.sluice.cookbook.orders.Receipt.Refused;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may expect of an order desk, whichever it is. */
abstract class OrderDeskContract {
  /** The summary's and that of one look-up. */
  private static final int TWO_ALARMS = 2;

  private final VirtualClock clock = new VirtualClock();

  /** Where each look-up of a rug says that it has begun; it never ends. */
  private final Channel<String> asked = Channel.buffered(16);

  abstract OrderDesk open(Prices prices, Clock clock);

  private OrderDesk open() {
    return open(this::priceOf, clock);
  }

  private OptionalInt priceOf(String item) throws InterruptedException {
    return switch (item) {
      case "tea" -> OptionalInt.of(3);
      case "gold" -> OptionalInt.of(Integer.MAX_VALUE);
      case "rug" -> {
        asked.send(item);
        yield Channel.<OptionalInt>rendezvous().receive();
      }
      case "broken" -> throw new IllegalStateException("no connection");
      default -> OptionalInt.empty();
    };
  }

  @Test
  void anOrderIsBookedAtItsPrice() throws InterruptedException {
    try (var desk = open()) {
      assertEquals(new Booked(6), desk.submit(new Order("Ann", "tea", 2)));
      assertEquals(Map.of("Ann", 6L), desk.balances());
    }
  }

  @Test
  void aLargeAmountIsExact() throws InterruptedException {
    try (var desk = open()) {
      long amount = (long) Integer.MAX_VALUE * Integer.MAX_VALUE;
      assertEquals(new Booked(amount), desk.submit(new Order("Ann", "gold", Integer.MAX_VALUE)));
      assertEquals(Map.of("Ann", amount), desk.balances());
    }
  }

  @Test
  void whoHasBoughtNothingHasNoBalance() throws InterruptedException {
    try (var desk = open()) {
      assertEquals(Map.of(), desk.balances());
    }
  }

  @Test
  void eachOfManyOrdersAtOnceIsBookedOnce() throws InterruptedException {
    try (var desk = open();
        var customers = Scope.open("customers")) {
      for (int i = 0; i < 10; i++) {
        String name = "customer-" + i;
        customers.start(name, () -> buyTea(desk, name, 20));
      }
      customers.join();
      var balances = desk.balances();
      assertEquals(10, balances.size());
      assertTrue(balances.values().stream().allMatch(each -> each == 60L), balances.toString());
    }
  }

  private static void buyTea(OrderDesk desk, String customer, int times)
      throws InterruptedException {
    for (int i = 0; i < times; i++) {
      assertEquals(new Booked(3), desk.submit(new Order(customer, "tea", 1)));
    }
  }

  @Test
  void whatThereIsNotIsRefusedAndTheDeskGoesOn() throws InterruptedException {
    try (var desk = open()) {
      assertEquals(new Refused("there is no moon"), desk.submit(new Order("Ann", "moon", 1)));
      assertEquals(new Booked(3), desk.submit(new Order("Ann", "tea", 1)));
      assertEquals(Map.of("Ann", 3L), desk.balances());
    }
  }

  @Test
  void aLookUpThatFailsIsRefusedAndTheDeskGoesOn() throws InterruptedException {
    try (var desk = open()) {
      assertEquals(
          new Refused("no price: java.lang.IllegalStateException: no connection"),
          desk.submit(new Order("Ann", "broken", 1)));
      assertEquals(new Booked(3), desk.submit(new Order("Ann", "tea", 1)));
    }
  }

  @Test
  void aLookUpThatTakesTooLongIsRefusedAtTheLimit() throws InterruptedException {
    try (var desk = open();
        var customers = Scope.open("customers")) {
      Channel<Receipt> receipts = customers.channel("receipts", 1);
      customers.start("Ann", () -> receipts.send(desk.submit(new Order("Ann", "rug", 1))));
      asked.receive();
      clock.awaitAlarms(TWO_ALARMS);
      clock.advance(OrderDesk.PRICE_LIMIT);
      assertEquals(new Refused("no price within PT5S"), receipts.receive());
      assertEquals(Map.of(), desk.balances());
      customers.join();
    }
  }

  @Test
  void aLookUpThatHangsHoldsUpNobodyElse() throws InterruptedException {
    try (var customers = Scope.open("customers")) {
      try (var desk = open()) {
        customers.start("Ann", () -> desk.submit(new Order("Ann", "rug", 1)));
        asked.receive();
        assertEquals(new Booked(3), desk.submit(new Order("Bob", "tea", 1)));
      }
      customers.join();
    }
  }

  @Test
  void aSummaryComesEverySecond() throws InterruptedException {
    try (var desk = open()) {
      clock.awaitAlarms(1);
      assertNull(desk.summaries().tryReceive());
      clock.advance(Duration.ofSeconds(1));
      assertEquals(new Summary(0), desk.summaries().receive());
      buyTea(desk, "Ann", 3);
      desk.submit(new Order("Ann", "moon", 1));
      clock.advance(Duration.ofSeconds(1));
      assertEquals(new Summary(3), desk.summaries().receive());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 12})
  void whoWaitsWhenItClosesIsRefused(int waiting) throws InterruptedException {
    try (var customers = Scope.open("customers")) {
      Channel<Receipt> receipts = customers.channel("receipts", waiting);
      try (var desk = open()) {
        for (int i = 0; i < waiting; i++) {
          customers.start("Ann", () -> receipts.send(desk.submit(new Order("Ann", "rug", 1))));
        }
        asked.receive();
      }
      for (int i = 0; i < waiting; i++) {
        assertEquals(Receipt.CLOSED, receipts.receive());
      }
      customers.join();
    }
  }

  @Test
  void afterTheEndThereIsNothing() throws InterruptedException {
    var desk = open();
    desk.submit(new Order("Ann", "tea", 1));
    desk.close();
    assertEquals(Receipt.CLOSED, desk.submit(new Order("Ann", "tea", 1)));
    var closed = assertThrows(IllegalStateException.class, desk::balances);
    assertEquals("the desk is closed", closed.getMessage());
    assertNull(desk.summaries().receiveOrNull());
    assertTrue(desk.summaries().isClosedForReceive());
    desk.close(); // does nothing
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void anOrderIsForSomething(int quantity) {
    var error =
        assertThrows(IllegalArgumentException.class, () -> new Order("Ann", "tea", quantity));
    assertEquals("quantity is " + quantity + ", must be 1 or more", error.getMessage());
  }
}
