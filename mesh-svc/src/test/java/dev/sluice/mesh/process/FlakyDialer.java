package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Links within one JVM that a test breaks, and peers that come and go. Who dials somebody who is
 * not there gets a link that has ended. May be used by any thread.
 */
public final class FlakyDialer implements Dialer {
  /** More than anybody sends; a link's own bounds are its credits. */
  private static final int ROOM = 8192;

  /** Who listens as the supervisor. */
  public interface SupervisorEnd {
    boolean join(WorkerJoin join, Link<WorkerOrder, WorkerReport> link);

    boolean join(RouterJoin join, Link<RouterOrder, RouterReport> link);

    boolean beats(Link<BeatAck, Beat> link);

    /** The supervisor itself. */
    static SupervisorEnd of(Supervisor supervisor) {
      return new SupervisorEnd() {
        @Override
        public boolean join(WorkerJoin join, Link<WorkerOrder, WorkerReport> link) {
          return supervisor.join(join, link);
        }

        @Override
        public boolean join(RouterJoin join, Link<RouterOrder, RouterReport> link) {
          return supervisor.join(join, link);
        }

        @Override
        public boolean beats(Link<BeatAck, Beat> link) {
          return supervisor.beats(link);
        }
      };
    }
  }

  /** Who listens as a router: {@code router::join}. */
  @FunctionalInterface
  public interface RouterEnd {
    boolean join(WorkerHello hello, Link<ToWorker, FromWorker> link);
  }

  /**
   * A link that is or was there.
   *
   * @param from who has dialled: the name of a worker or router, "beats" for any beats
   * @param to the name of a router, or "supervisor"
   * @param link the dialling end
   */
  public record Open(String from, String to, Link<?, ?> link) {
    boolean isOver() {
      return ((Channel<?>) link.in()).isClosedForSend();
    }

    /**
     * Breaks it.
     *
     * @param isLossy whether what is under way is lost too, both ways
     */
    public void cut(boolean isLossy) {
      link.cut().run();
      if (isLossy) {
        lose(link.in());
        lose((Channel<?>) link.out());
      }
    }

    private static <M> void lose(ReceiveChannel<M> channel) {
      channel.drainTo(new ArrayList<M>(), Integer.MAX_VALUE);
    }
  }

  private final Map<String, RouterEnd> routers = new HashMap<>();
  private final List<Open> links = new ArrayList<>();
  private @Nullable SupervisorEnd supervisor;

  /** From now on this is the supervisor; null: there is none. Links that are there stay. */
  public synchronized void listen(@Nullable SupervisorEnd end) {
    supervisor = end;
  }

  /** From now on this is the router of that name; null: there is none. */
  public synchronized void listen(String name, @Nullable RouterEnd end) {
    if (end == null) {
      routers.remove(name);
    } else {
      routers.put(name, end);
    }
  }

  /** The links that have not ended. */
  public synchronized List<Open> open() {
    links.removeIf(Open::isOver);
    return List.copyOf(links);
  }

  /** Breaks all such links; answers how many. */
  public int cut(Predicate<Open> which, boolean isLossy) {
    List<Open> cut = open().stream().filter(which).toList();
    cut.forEach(each -> each.cut(isLossy));
    return cut.size();
  }

  @Override
  public Link<WorkerReport, WorkerOrder> join(WorkerJoin join) {
    return dial(join.name(), "supervisor", supervisor(), (to, link) -> to.join(join, link));
  }

  @Override
  public Link<RouterReport, RouterOrder> join(RouterJoin join) {
    return dial(
        join.address().name(), "supervisor", supervisor(), (to, link) -> to.join(join, link));
  }

  @Override
  public Link<Beat, BeatAck> beats() {
    return dial("beats", "supervisor", supervisor(), SupervisorEnd::beats);
  }

  @Override
  public Link<FromWorker, ToWorker> work(RouterAddress router, WorkerHello hello) {
    return dial(
        hello.worker().name(),
        router.name(),
        router(router.name()),
        (to, link) -> to.join(hello, link));
  }

  private synchronized @Nullable SupervisorEnd supervisor() {
    return supervisor;
  }

  private synchronized @Nullable RouterEnd router(String name) {
    return routers.get(name);
  }

  private interface Taker<T, A, B> {
    boolean takes(T to, Link<B, A> link);
  }

  private <T, A, B> Link<A, B> dial(String from, String to, @Nullable T end, Taker<T, A, B> taker) {
    LocalLink<A, B> link = LocalLink.of(ROOM);
    add(new Open(from, to, link.dialling()));
    if (end == null || !taker.takes(end, link.dialled())) {
      link.dialled().cut().run();
    }
    return link.dialling();
  }

  private synchronized void add(Open link) {
    links.add(link);
  }
}
