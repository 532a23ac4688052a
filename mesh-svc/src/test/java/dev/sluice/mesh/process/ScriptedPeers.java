package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
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
import java.util.List;

/** A dialer whose links a test holds the other ends of. */
final class ScriptedPeers implements Dialer {

  /** What has been dialled, and with which words. */
  record Dialled<W, O, I>(W word, Channel<O> said, Channel<I> toSay) {
    boolean isCut() {
      return toSay.isClosedForSend();
    }

    void cut() {
      said.tryClose();
      toSay.tryClose();
    }

    /** All that has been said and not been looked at. */
    List<O> heard() {
      var heard = new ArrayList<O>();
      said.drainTo(heard, Integer.MAX_VALUE);
      return heard;
    }
  }

  final List<Dialled<WorkerJoin, WorkerReport, WorkerOrder>> joins = new ArrayList<>();
  final List<Dialled<String, Beat, BeatAck>> beats = new ArrayList<>();
  final List<Dialled<WorkerHello, FromWorker, ToWorker>> works = new ArrayList<>();

  /** How many messages a router's link takes that nobody reads. */
  int workRoom = 100;

  /** Whether nobody is there. */
  boolean isNobodyThere;

  @Override
  public Link<WorkerReport, WorkerOrder> join(WorkerJoin join) {
    return dial(joins, join, 100);
  }

  @Override
  public Link<RouterReport, RouterOrder> join(RouterJoin join) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Link<Beat, BeatAck> beats() {
    return dial(beats, "beats", 100);
  }

  @Override
  public Link<FromWorker, ToWorker> work(RouterAddress router, WorkerHello hello) {
    return dial(works, hello, workRoom);
  }

  private <W, O, I> Link<O, I> dial(List<Dialled<W, O, I>> dialled, W word, int room) {
    var made = new Dialled<W, O, I>(word, Channel.buffered(room), Channel.buffered(100));
    if (isNobodyThere) {
      made.cut();
    }
    dialled.add(made);
    return new Link<>(made.said, made.toSay, made::cut);
  }
}
