package dev.sluice.mesh.process.router;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.process.Ask;
import dev.sluice.mesh.process.Link;
import dev.sluice.mesh.process.RouterLook;
import dev.sluice.mesh.process.Told;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Where a router's process is reached. Nothing here waits. */
public final class RouterPorts {
  /** More who ask or dial at once are refused. */
  private static final int ROOM = 64;

  private static final long LONGEST_WAIT = Duration.ofDays(365).toNanos();

  final Channel<Submit> requests;
  final Channel<Question> questions;
  final Channel<Hello> hellos;
  final Channel<Heard> heard;

  /** Holds a value when there may be something to collect from the log. */
  final Channel<Boolean> wakes;

  private RouterPorts(
      Channel<Submit> requests,
      Channel<Question> questions,
      Channel<Hello> hellos,
      Channel<Heard> heard,
      Channel<Boolean> wakes) {
    this.requests = requests;
    this.questions = questions;
    this.hellos = hellos;
    this.heard = heard;
    this.wakes = wakes;
  }

  /**
   * Ports as channels of the scope.
   *
   * @param inbox how many requests may wait
   */
  public static RouterPorts in(Scope scope, int inbox) {
    return new RouterPorts(
        scope.port("router", inbox),
        scope.port("router.questions", ROOM),
        scope.port("router.links", ROOM),
        scope.port("router.answers", ROOM),
        scope.port("router.log", 1));
  }

  /** Ports of a router that no scope knows of. */
  public static RouterPorts of(int inbox) {
    return new RouterPorts(
        Channel.buffered(inbox),
        Channel.buffered(ROOM),
        Channel.buffered(ROOM),
        Channel.buffered(ROOM),
        Channel.buffered(1));
  }

  /** As {@link dev.sluice.mesh.process.Router#ask}. */
  public Reply<Told> ask(Ask ask) {
    var reply = new Reply<Told>();
    try {
      if (!requests.trySend(new Submit(ask.request(), nanos(ask.maxWait()), reply))) {
        reply.complete(new Told.Overloaded("too many requests wait for the router"));
      }
    } catch (ChannelClosedException _) {
      reply.complete(new Told.Draining());
    }
    return reply;
  }

  private static long nanos(Duration wait) {
    return Math.clamp(TimeUnit.NANOSECONDS.convert(wait), 0, LONGEST_WAIT);
  }

  /** As {@link dev.sluice.mesh.process.Router#find}. */
  public Reply<Told> find(String id) {
    var reply = new Reply<Told>();
    put(new Question.Find(id, reply), reply);
    return reply;
  }

  /** As {@link dev.sluice.mesh.process.Router#look}. */
  public Reply<RouterLook> look() {
    var reply = new Reply<RouterLook>();
    put(new Question.Look(reply), reply);
    return reply;
  }

  private void put(Question question, Reply<?> reply) {
    try {
      if (!questions.trySend(question)) {
        reply.fail(new IllegalStateException("too many questions wait for the router"));
      }
    } catch (ChannelClosedException ended) {
      reply.fail(ended);
    }
  }

  /** As {@link dev.sluice.mesh.process.Router#join}. */
  public boolean join(WorkerHello hello, Link<ToWorker, FromWorker> link) {
    try {
      return hellos.trySend(new Hello(hello, link));
    } catch (ChannelClosedException _) {
      return false;
    }
  }

  /** As {@link dev.sluice.mesh.process.Router#close}. */
  public void close() {
    requests.tryClose();
  }

  /** Makes the router look after its log soon; may be called by any thread. */
  void wake() {
    wakes.trySend(true);
  }
}
