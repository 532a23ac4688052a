package dev.sluice.mesh.remote.link;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
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
import dev.sluice.mesh.process.Link;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The side that listens, on a real port: who joins is put where the test takes it. */
final class LinkServer implements AutoCloseable {
  record Joined<J, O, I>(J join, Link<O, I> link) {}

  final Channel<Joined<WorkerJoin, WorkerOrder, WorkerReport>> workers = Channel.buffered(8);
  final Channel<Joined<RouterJoin, RouterOrder, RouterReport>> routers = Channel.buffered(8);
  final Channel<Link<BeatAck, Beat>> beats = Channel.buffered(8);
  final Channel<Joined<WorkerHello, ToWorker, FromWorker>> hellos = Channel.buffered(8);
  final Scope scope = Scope.open("server");
  final ServerStreams streams;
  private final Server server;

  LinkServer(int links, Duration firstWithin) throws IOException {
    streams = new ServerStreams(scope, links, firstWithin);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(1 << 20)
            .addService(
                new MembershipGrpc(
                    streams,
                    Optional.of(
                        new Members() {
                          @Override
                          public boolean join(
                              WorkerJoin join, Link<WorkerOrder, WorkerReport> link) {
                            return workers.trySend(new Joined<>(join, link));
                          }

                          @Override
                          public boolean join(
                              RouterJoin join, Link<RouterOrder, RouterReport> link) {
                            return routers.trySend(new Joined<>(join, link));
                          }

                          @Override
                          public boolean beats(Link<BeatAck, Beat> link) {
                            return beats.trySend(link);
                          }
                        })))
            .addService(
                new WorkGrpc(
                    streams,
                    Optional.of((hello, link) -> hellos.trySend(new Joined<>(hello, link)))))
            .build()
            .start();
  }

  String target() {
    return "127.0.0.1:" + server.getPort();
  }

  RouterAddress router() {
    return new RouterAddress("router-0", target());
  }

  void stop() throws InterruptedException {
    server.shutdownNow();
    server.awaitTermination(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    scope.close();
    stop();
  }
}
