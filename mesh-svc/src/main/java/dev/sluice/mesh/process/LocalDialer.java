package dev.sluice.mesh.process;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Links processes of one JVM by plain channels. Who is dialled is told to it when it is there, for
 * they know each other in a circle; until then who dials waits for an answer.
 */
public final class LocalDialer implements Dialer {
  /** Room for orders and reports: some for each shard of some groups. */
  private static final int CONTROL = 8192;

  private static final int BEATS = 16;

  /** Beside those that the window allows: pings. */
  private static final int BESIDE = 16;

  private final Reply<Supervisor> supervisor = new Reply<>();
  private final Map<String, Reply<Router>> routers = new HashMap<>();

  /**
   * @param routers the names of those that there will be
   */
  public LocalDialer(List<String> routers) {
    routers.forEach(name -> this.routers.put(name, new Reply<>()));
  }

  /** The supervisor is there; to be said once. */
  public void meet(Supervisor there) {
    supervisor.complete(there);
  }

  /**
   * A router is there; to be said once.
   *
   * @throws IllegalArgumentException its name was not said before
   */
  public void meet(String name, Router there) {
    Reply<Router> router = routers.get(name);
    if (router == null) {
      throw new IllegalArgumentException(
          "router is " + name + ", must be one of " + String.join(", ", routers.keySet()));
    }
    router.complete(there);
  }

  @Override
  public Link<WorkerReport, WorkerOrder> join(WorkerJoin join) {
    return dial(supervisor, CONTROL, (to, link) -> to.join(join, link));
  }

  @Override
  public Link<RouterReport, RouterOrder> join(RouterJoin join) {
    return dial(supervisor, CONTROL, (to, link) -> to.join(join, link));
  }

  @Override
  public Link<Beat, BeatAck> beats() {
    return dial(supervisor, BEATS, Supervisor::beats);
  }

  @Override
  public Link<FromWorker, ToWorker> work(RouterAddress router, WorkerHello hello) {
    Reply<Router> known = routers.get(router.name());
    if (known == null) {
      LocalLink<FromWorker, ToWorker> nobody = LocalLink.of(1);
      nobody.dialled().cut().run();
      return nobody.dialling();
    }
    return dial(known, hello.window() + BESIDE, (to, link) -> to.join(hello, link));
  }

  /** Takes the dialled end of a link; answers whether it does. */
  private interface Taker<T, A, B> {
    boolean takes(T to, Link<B, A> link);
  }

  private static <T, A, B> Link<A, B> dial(Reply<T> to, int room, Taker<T, A, B> taker) {
    LocalLink<A, B> link = LocalLink.of(room);
    var _ =
        to.stage()
            .thenAccept(there -> {
              if (!taker.takes(there, link.dialled())) {
                link.dialled().cut().run();
              }
            });
    return link.dialling();
  }
}
