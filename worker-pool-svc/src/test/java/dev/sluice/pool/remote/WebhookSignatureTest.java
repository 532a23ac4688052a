package dev.sluice.pool.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

  /** The example that the libraries of Standard Webhooks are tested with. */
  @ParameterizedTest
  @ValueSource(
      strings = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
  void signsAsTheSpecificationDoes(String secret) {
    assertEquals(
        Map.of(
            "webhook-id",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp",
            "1614265330",
            "webhook-signature",
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        WebhookSignature.headers(
            secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Instant.ofEpochSecond(1_614_265_330, 999_999_999),
            BODY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "whsec_", "whsec_?", "whsec_abc d"})
  void refusesWhatIsNoSecret(String secret) {
    assertThrows(
        IllegalArgumentException.class,
        () -> WebhookSignature.headers(secret, "id", Instant.EPOCH, BODY));
  }
}
