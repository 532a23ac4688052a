package dev.sluice.dedup.api.claims;

import com.google.protobuf.Timestamp;
import dev.sluice.dedup.grpc.AbortClaimRequest;
import dev.sluice.dedup.grpc.AbortClaimResponse;
import dev.sluice.dedup.grpc.ClaimResponse;
import dev.sluice.dedup.grpc.Claimed;
import dev.sluice.dedup.grpc.Claims;
import dev.sluice.dedup.grpc.CompleteClaimRequest;
import dev.sluice.dedup.grpc.CompleteClaimResponse;
import dev.sluice.dedup.grpc.Completed;
import dev.sluice.dedup.grpc.RenewClaimRequest;
import dev.sluice.dedup.grpc.RenewClaimResponse;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.grpc.ProtoDurations;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code sluice.dedup.v1.Claims}. */
@GrpcService
public class ClaimsGrpc implements Claims {
  private final ClaimsOperation operation;

  @Inject
  ClaimsGrpc(ClaimsOperation operation) {
    this.operation = operation;
  }

  @Override
  public Uni<ClaimResponse> claim(dev.sluice.dedup.grpc.ClaimRequest message) {
    return Grpc.answerPending(
        () -> operation.claim(request(message)).thenApply(ClaimsGrpc::response));
  }

  @Override
  public Uni<CompleteClaimResponse> completeClaim(CompleteClaimRequest message) {
    return Grpc.answerPending(() ->
        operation
            .complete(
                message.getId(),
                new CompleteRequest(
                    message.getToken(),
                    message.hasResponse() ? ProtoResponses.body(message.getResponse()) : null))
            .thenApply(answer ->
                CompleteClaimResponse.newBuilder()
                    .setExpiresAt(timestamp(answer.expiresAt()))
                    .build()));
  }

  @Override
  public Uni<AbortClaimResponse> abortClaim(AbortClaimRequest message) {
    return Grpc.answerPending(() ->
        operation
            .abort(message.getId(), new AbortRequest(message.getToken()))
            .thenApply(_ -> AbortClaimResponse.getDefaultInstance()));
  }

  @Override
  public Uni<RenewClaimResponse> renewClaim(RenewClaimRequest message) {
    return Grpc.answerPending(() ->
        operation
            .renew(
                message.getId(),
                new RenewRequest(
                    message.getToken(),
                    message.hasLease() ? ProtoDurations.of("lease", message.getLease()) : null))
            .thenApply(answer ->
                RenewClaimResponse.newBuilder()
                    .setFence(Objects.requireNonNull(answer.fence()))
                    .setLeaseExpiresAt(timestamp(answer.leaseExpiresAt()))
                    .setExpiresAt(timestamp(answer.expiresAt()))
                    .build()));
  }

  private static ClaimRequest request(dev.sluice.dedup.grpc.ClaimRequest message) {
    return new ClaimRequest(
        message.hasNamespace() ? message.getNamespace() : null,
        message.getKey(),
        message.hasLease() ? ProtoDurations.of("lease", message.getLease()) : null,
        message.hasTtl() ? ProtoDurations.of("ttl", message.getTtl()) : null,
        message.hasFingerprint() ? message.getFingerprint() : null,
        message.hasWait() ? ProtoDurations.of("wait", message.getWait()) : null);
  }

  private static ClaimResponse response(ClaimAnswer answer) {
    var response = ClaimResponse.newBuilder();
    return answer.response() == null
        ? response.setClaimed(claimed(answer)).build()
        : response
            .setCompleted(
                Completed.newBuilder()
                    .setResponse(ProtoResponses.message(answer.response()))
                    .setExpiresAt(timestamp(answer.expiresAt())))
            .build();
  }

  private static Claimed claimed(ClaimAnswer answer) {
    return Claimed.newBuilder()
        .setId(Objects.requireNonNull(answer.id()))
        .setToken(Objects.requireNonNull(answer.token()))
        .setFence(Objects.requireNonNull(answer.fence()))
        .setLeaseExpiresAt(timestamp(answer.leaseExpiresAt()))
        .setExpiresAt(timestamp(answer.expiresAt()))
        .build();
  }

  private static Timestamp timestamp(@Nullable Instant instant) {
    Objects.requireNonNull(instant);
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
