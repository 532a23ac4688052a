package dev.sluice.pool.api;

import static dev.sluice.pool.api.DedupKilledTest.WRONG;
import static dev.sluice.pool.api.DedupKilledTest.submit;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As {@link DedupKilledTest}, with {@code when-unavailable=PASS}. */
@QuarkusTest
@TestProfile(DedupKilledPassTest.Pass.class)
@Timeout(180)
class DedupKilledPassTest {

  /** Lets requests through. */
  public static final class Pass extends DedupKilledTest.Refuse {
    @Override
    public Map<String, String> getConfigOverrides() {
      var settings = new HashMap<>(super.getConfigOverrides());
      settings.put("sluice.idempotency.when-unavailable", "PASS");
      return settings;
    }
  }

  DedupService dedup;

  @Test
  void requestsAreCarriedOutAsIfTheyHadNoKey() {
    submit("key", WRONG).then().statusCode(400);
    submit("key", WRONG).then().statusCode(400).header("Idempotency-Replayed", equalTo("true"));

    dedup.kill();

    submit("key", WRONG).then().statusCode(400).header("Idempotency-Replayed", nullValue());
  }
}
