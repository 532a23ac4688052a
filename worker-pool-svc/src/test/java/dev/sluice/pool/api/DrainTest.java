package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
import static dev.sluice.pool.api.Pool.job;
import static dev.sluice.pool.api.Pool.post;
import static dev.sluice.pool.api.Pool.submit;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.Channel;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.grpc.SubmitRequest;
import dev.sluice.pool.grpc.Target;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolBlockingStub;
import dev.sluice.pool.process.WorkerPool;
import io.grpc.Status;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract while the service stops: its pool is drained, and cannot be filled again. */
@QuarkusTest
@TestProfile(DrainTest.OwnPool.class)
@Timeout(120)
class DrainTest {

  /** So that no other test meets a pool that is drained. */
  public static final class OwnPool implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.pool.workers", "3");
    }
  }

  @Inject WorkerPool pool;

  @GrpcClient("pool")
  WorkerPoolBlockingStub grpc;

  @Test
  void takesNoNewJobsFinishesThoseItHasAndCanBeLookedAtMeanwhile() throws Exception {
    Channel<String> called = Channel.buffered(10);
    Channel<Void> release = Channel.rendezvous();
    try (var target =
        new TargetServer((got, exchange) -> {
          called.trySend(got.uri().getPath());
          try {
            release.receiveOrNull();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          TargetServer.answer(exchange, 200);
        })) {
      String id =
          accepted("{'target':{'url':'%s'},'timeout':'10m'}".formatted(target.url("/held")));
      assertEquals("/held", called.receive());

      pool.drain();
      awaitRefusal(target.url("/late"));
      PoolGrpcTest.assertRefused(
          Status.Code.UNAVAILABLE,
          "DRAINING",
          () ->
              grpc.submit(
                  SubmitRequest.newBuilder()
                      .setTarget(Target.newBuilder().setUrl(target.url("/late").toString()))
                      .build()));
      post("/queues/default/lease", "{'wait':'30s'}")
          .statusCode(503)
          .body("type", equalTo("/problems/draining"));
      job(id).statusCode(200).body("state", equalTo("running"));

      release.close();
      while (job(id).extract().statusCode() == 200) {
        Thread.onSpinWait(); // until the job is finished, and the dispatcher with it
      }
      job(id).statusCode(503).body("type", equalTo("/problems/draining"));
    }
  }

  /** Asks until it is refused, which must be as draining. */
  private static void awaitRefusal(URI url) {
    String body = "{'target':{'url':'%s'},'wait':'30s','delay':'1h'}".formatted(url);
    while (submit(body).extract().statusCode() == 202) {
      Thread.onSpinWait();
    }
    submit(body)
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "1")
        .body("type", equalTo("/problems/draining"));
  }
}
