package dev.sluice.dedup.api;

import com.google.protobuf.Timestamp;
import dev.sluice.dedup.grpc.CountResponse;
import dev.sluice.dedup.grpc.DedupBatchResponse;
import dev.sluice.dedup.grpc.DedupResponse;
import dev.sluice.dedup.grpc.DedupResult;
import dev.sluice.dedup.grpc.PeekResponse;
import dev.sluice.service.grpc.Grpc;
import java.time.Instant;

/** Writes as gRPC's messages what HTTP's bodies are. */
final class ProtoAnswers {
  private ProtoAnswers() {}

  static DedupResponse dedup(DedupAnswer answer) {
    return DedupResponse.newBuilder()
        .setFirst(answer.first())
        .setKey(answer.key())
        .setSeen(answer.seen())
        .setFirstSeenAt(timestamp(answer.firstSeenAt()))
        .setExpiresAt(timestamp(answer.expiresAt()))
        .build();
  }

  static DedupBatchResponse batch(DedupBatchAnswer answer) {
    var response = DedupBatchResponse.newBuilder();
    for (DedupBatchAnswer.Result result : answer.results()) {
      response.addResults(
          switch (result) {
            case DedupAnswer seen -> DedupResult.newBuilder().setSeen(dedup(seen));
            case DedupBatchAnswer.Undecided undecided ->
                DedupResult.newBuilder().setProblem(Grpc.status(undecided.cause()));
          });
    }
    return response.build();
  }

  static PeekResponse peek(PeekAnswer answer) {
    return PeekResponse.newBuilder()
        .setKey(answer.key())
        .setSeen(answer.seen())
        .setFirstSeenAt(timestamp(answer.firstSeenAt()))
        .setExpiresAt(timestamp(answer.expiresAt()))
        .build();
  }

  static CountResponse count(CountAnswer answer) {
    return CountResponse.newBuilder()
        .setNamespace(answer.namespace())
        .setKeys(answer.keys())
        .build();
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
