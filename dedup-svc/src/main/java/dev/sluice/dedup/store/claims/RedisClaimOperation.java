package dev.sluice.dedup.store.claims;

import dev.sluice.store.redis.RedisAnswer;
import dev.sluice.store.redis.RedisRequest.Call;
import java.util.List;

/**
 * One operation on a claim as it is put to Redis, which counts microseconds: what it is told is
 * rounded up to them.
 *
 * @param operation what is to be done
 * @param key where it is kept
 */
record RedisClaimOperation(ClaimOperation operation, String key) {
  private static final long MICRO = 1000;

  Call call(boolean whole) {
    return new Call(ClaimScript.CLAIMS, whole, List.of(key), arguments());
  }

  private List<String> arguments() {
    return switch (operation) {
      case ClaimOperation.Claim claim ->
          List.of(
              "CLAIM",
              claim.token().text(),
              micros(claim.lease()),
              micros(claim.ttl()),
              claim.request() == null ? "" : "=" + claim.request());
      case ClaimOperation.Complete(_, ClaimToken token, StoredResponse response) ->
          List.of("COMPLETE", token.text(), ResponseText.of(response));
      case ClaimOperation.Abort(_, ClaimToken token) -> List.of("ABORT", token.text());
      case ClaimOperation.Renew(_, ClaimToken token, long lease) ->
          List.of("RENEW", token.text(), micros(lease));
    };
  }

  private static String micros(long nanos) {
    return Long.toString(Math.ceilDiv(nanos, MICRO));
  }

  /**
   * Reads what the script has answered.
   *
   * @param submittedAt by the shard's clock
   */
  ClaimOutcome outcome(RedisAnswer answer, long submittedAt) {
    return switch ((int) answer.number(0)) {
      case 1 -> new ClaimOutcome.Claimed(answer.number(1), nanos(answer, 2), nanos(answer, 3));
      case 2 -> new ClaimOutcome.InProgress(submittedAt + nanos(answer, 1));
      case 3 -> new ClaimOutcome.Completed(response(answer), nanos(answer, 1));
      case 4 -> new ClaimOutcome.OtherRequest();
      case 5 -> new ClaimOutcome.Aborted();
      case 6 -> new ClaimOutcome.Lost();
      default -> throw new IllegalStateException("the script has answered " + answer.number(0));
    };
  }

  private StoredResponse response(RedisAnswer answer) {
    return operation instanceof ClaimOperation.Complete complete
        ? complete.response()
        : ResponseText.read(answer.text(2));
  }

  private static long nanos(RedisAnswer answer, int at) {
    return answer.number(at) * MICRO;
  }
}
