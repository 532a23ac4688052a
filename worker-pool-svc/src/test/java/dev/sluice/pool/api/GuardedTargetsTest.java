package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
import static dev.sluice.pool.api.Pool.awaitState;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.csp.Channel;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.TargetServer.Received;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may be called when nobody says otherwise: public addresses only. */
@QuarkusTest
@TestProfile(GuardedTargetsTest.AsShipped.class)
@Timeout(120)
class GuardedTargetsTest {

  /** Without the settings of the profile named test, which the other tests need. */
  public static final class AsShipped implements QuarkusTestProfile {
    @Override
    public String getConfigProfile() {
      return "shipped";
    }

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.store", "memory");
    }
  }

  @Test
  void aTargetOnThisMachineIsNotCalled() {
    var received = Channel.<Received>buffered(1);
    try (var target =
        new TargetServer((got, exchange) -> {
          received.trySend(got);
          TargetServer.answer(exchange, 200);
        })) {
      String id = accepted("{'target':{'url':'%s'}}".formatted(target.url("/")));

      awaitState(id, "failed")
          .body("attempts", hasSize(1))
          .body("attempts[0].status", nullValue())
          .body("attempts[0].error", containsString("127.0.0.1, which is not public"));
      assertNull(received.tryReceive());
    }
  }
}
