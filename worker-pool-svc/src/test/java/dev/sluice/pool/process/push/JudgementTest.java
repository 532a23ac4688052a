package dev.sluice.pool.process.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.process.Target.Answer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgementTest {
  private static final Instant NOW = Instant.parse("1994-11-06T08:49:07Z");
  private static final Duration MAX = Duration.ofMinutes(10);
  private static final Payload BODY = Payload.json("{}");

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 226, 299})
  void succeedsWithWhatWasAnswered(int status) {
    assertEquals(new Verdict.Succeeded(status, BODY), judge(status, null, false));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 408, 409, 422, 451, 499})
  void failsAtOnceWhenTheRequestIsWrong(int status) {
    assertEquals(
        new Verdict.Failed(status, "the target answered " + status, BODY),
        judge(status, "5", false));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 409, 499})
  void triesAWrongRequestAgainIfTheQueueSaysSo(int status) {
    assertEquals(retry(status, Duration.ZERO), judge(status, null, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 501, 502, 504, 599})
  void triesAgainAfterTheBackoff(int status) {
    assertEquals(retry(status, Duration.ZERO), judge(status, "120", false));
  }

  @ParameterizedTest
  @CsvSource({
    "429, 120, 120",
    "503, 120, 120",
    "503, 0, 0",
    "429, soon, 0",
    "429, , 0",
    "503, 601, 600",
    "503, 99999999999999999999, 600",
    "503, 'Sun, 06 Nov 1994 08:49:37 GMT', 30",
    "503, 'Sun, 06 Nov 1994 08:49:00 GMT', 0",
  })
  void triesAgainWhenTheTargetWantsIt(int status, @Nullable String retryAfter, long seconds) {
    assertEquals(
        retry(status, Duration.ofSeconds(seconds)), judge(status, retryAfter, seconds % 2 == 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 199, 300, 301, 302, 304, 307, 399})
  void failsWithWhatIsNoAnswerToTheCall(int status) {
    assertEquals(
        new Verdict.Failed(status, "the target answered " + status, BODY),
        judge(status, null, true));
  }

  @Test
  void triesAgainWhenThereWasNoAnswer() {
    assertEquals(
        new Verdict.Retry(null, "cannot connect", Duration.ZERO, true),
        Judgement.unanswered("cannot connect"));
  }

  @Test
  void failsWhenTheCallMustNotBeMade() {
    assertEquals(new Verdict.Failed(null, "not public", null), Judgement.refused("not public"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, false",
    "404, false",
    "302, false",
    "428, false",
    "429, true",
    "500, true",
    "503, true"
  })
  void tellsWhetherTheHostIsUnwell(int status, boolean unwell) {
    assertEquals(unwell, Judgement.isUnwell(new Answer(status, null, null)));
  }

  private static Verdict judge(int status, @Nullable String retryAfter, boolean clientErrors) {
    return Judgement.of(new Answer(status, retryAfter, BODY), clientErrors, NOW, MAX);
  }

  private static Verdict retry(int status, Duration after) {
    return new Verdict.Retry(status, "the target answered " + status, after, true);
  }
}
