package dev.sluice.mesh.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.LogDriver;
import dev.sluice.mesh.store.LogSettings;
import dev.sluice.mesh.store.RequestLog.Accepted;
import dev.sluice.mesh.store.RequestLog.Entry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several routers on one log, some of which die. */
@NoLeaks
@Timeout(120)
class AdoptionTest {
  private final String address = PostgresServer.shared().createDatabase();
  private final PostgresLogEngine engine = start();
  private final LogDriver here = new LogDriver(engine, "r-0");

  @AfterEach
  void close() {
    engine.close();
  }

  private PostgresLogEngine start() {
    return PostgresLogTest.start(address, LogSettings.DEFAULTS);
  }

  @Test
  void whatADeadRouterHasNotAnsweredIsAdoptedInItsOrder() {
    List<Request> open = leave("r-1", 100);
    here.await(() -> !here.adopted().isEmpty());
    assertEquals(open, here.adopted());
    here.finish(open.getFirst().id(), replied());
    assertEquals(
        Optional.of(new Entry(open.getFirst(), replied())), here.find(open.getFirst().id()));
    assertEquals("r-0", text("SELECT string_agg(name, ',') FROM sluice_mesh.router"));
  }

  @Test
  void oneOfManyAdoptsIt() {
    var third = new LogDriver(engine, "r-2");
    var fourth = new LogDriver(engine, "r-3");
    List<Request> open = leave("r-1", 100);
    while (here.adopted().size() + third.adopted().size() + fourth.adopted().size() < open.size()) {
      for (LogDriver each : List.of(here, third, fourth)) {
        each.find("let it collect what it is told");
      }
    }
    assertEquals(
        "1", text("SELECT count(DISTINCT router) FROM sluice_mesh.request WHERE router <> 'x'"));
    assertEquals(
        open.size(), here.adopted().size() + third.adopted().size() + fourth.adopted().size());
  }

  @Test
  void aRouterThatComesBackFindsOnlyWhatIsStillItsOwn() {
    List<Request> open = leave("r-1", 10);
    here.await(() -> !here.adopted().isEmpty());
    try (PostgresLogEngine again = start()) {
      var back = new LogDriver(again, "r-1");
      assertEquals(List.of(), back.recovered());
      assertEquals(open, here.adopted());
      assertEquals(new Accepted.Kept(), back.accept(request("new")));
    }
    try (PostgresLogEngine again = start()) {
      assertEquals(List.of(request("new")), new LogDriver(again, "r-1").recovered());
    }
  }

  @Test
  void aRouterThatComesBackInTimeFindsAll() {
    List<Request> open = IntStream.range(0, 10).mapToObj(i -> request("s-" + i)).toList();
    try (PostgresLogEngine first = start()) {
      var router = new LogDriver(first, "r-1");
      open.forEach(router::accept);
    }
    try (PostgresLogEngine second = start()) {
      assertEquals(open, new LogDriver(second, "r-1").recovered());
    }
    assertEquals(List.of(), here.adopted());
  }

  /** It was thought dead, and goes on: nothing that it keeps from now on may be nobody's. */
  @Test
  void aRouterWhoseMarkWasTakenTakesAnother() {
    try (PostgresLogEngine other = start()) {
      var slow = new LogDriver(other, "r-1");
      slow.accept(request("before"));
      PostgresServer.execute(
          address,
          "UPDATE sluice_mesh.request SET router = 'r-0';"
              + "DELETE FROM sluice_mesh.router WHERE name = 'r-1'");
      assertEquals(new Accepted.Kept(), slow.accept(request("after")));
      assertEquals(
          "r-0,r-1",
          text("SELECT string_agg(name, ',' ORDER BY name)" + " FROM sluice_mesh.router"));
      slow.finish("before", replied());
    }
    try (PostgresLogEngine again = start()) {
      assertEquals(List.of(request("after")), new LogDriver(again, "r-1").recovered());
    }
    assertEquals(Optional.of(new Entry(request("before"), replied())), here.find("before"));
  }

  @Test
  void anIdIsKnownWhicheverRouterHasIt() {
    try (PostgresLogEngine other = start()) {
      var there = new LogDriver(other, "r-1");
      there.accept(request("s-1"));
      assertEquals(Optional.of(new Entry(request("s-1"), null)), here.find("s-1"));
      assertEquals(new Accepted.Known(request("s-1"), null, false), here.accept(request("s-1")));
      here.finish("s-1", replied()); // it is not its to finish
      assertEquals(Optional.of(new Entry(request("s-1"), null)), here.find("s-1"));
      there.finish("s-1", replied());
      assertEquals(
          new Accepted.Known(request("s-1"), replied(), false), here.accept(request("s-1")));
    }
  }

  @Test
  void manyRoutersThatAreAskedTheSameKeepItOnce() {
    var other = new LogDriver(engine, "r-1");
    var told = new ArrayList<Accepted>();
    for (int i = 0; i < 200; i++) {
      here.log().accept(request("s-" + i), told::add);
      other.log().accept(request("s-" + (199 - i)), told::add);
    }
    other.log().flush();
    here.await(() -> !here.log().isWaiting());
    other.await(() -> !other.log().isWaiting());
    assertEquals(200, told.stream().filter(Accepted.Kept.class::isInstance).count());
    assertEquals(400, told.size());
    assertEquals("200", text("SELECT count(*) FROM sluice_mesh.request"));
  }

  /** A router accepts so many, and dies long ago. */
  private List<Request> leave(String router, int count) {
    List<Request> all = IntStream.range(0, count).mapToObj(i -> request("s-" + i)).toList();
    try (PostgresLogEngine doomed = start()) {
      var driver = new LogDriver(doomed, router);
      all.forEach(each -> driver.log().accept(each, _ -> {}));
      driver.await(() -> !driver.log().isWaiting());
    }
    PostgresServer.execute(
        address,
        "UPDATE sluice_mesh.router SET renewed = renewed - 11000 WHERE name = '" + router + "'");
    return all;
  }

  private String text(String sql) {
    try (Connection connection = PostgresServer.connect(address);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  private static Request request(String id) {
    return new Request(id, "k", "echo", "{}", true);
  }

  private static Outcome replied() {
    return new Outcome.Replied(1, "w", 1, "1");
  }
}
