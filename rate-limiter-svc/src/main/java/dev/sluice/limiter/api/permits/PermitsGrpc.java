package dev.sluice.limiter.api.permits;

import com.google.protobuf.Timestamp;
import dev.sluice.limiter.grpc.AcquireLeaseRequest;
import dev.sluice.limiter.grpc.AcquireLeaseResponse;
import dev.sluice.limiter.grpc.ListLeasesRequest;
import dev.sluice.limiter.grpc.ListLeasesResponse;
import dev.sluice.limiter.grpc.Permits;
import dev.sluice.limiter.grpc.ReleaseLeaseRequest;
import dev.sluice.limiter.grpc.ReleaseLeaseResponse;
import dev.sluice.limiter.grpc.RenewLeaseRequest;
import dev.sluice.limiter.grpc.RenewLeaseResponse;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.grpc.ProtoDurations;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Instant;

/** {@code sluice.limiter.v1.Permits}. */
@GrpcService
public class PermitsGrpc implements Permits {
  private final PermitsOperation operation;

  @Inject
  PermitsGrpc(PermitsOperation operation) {
    this.operation = operation;
  }

  @Override
  public Uni<AcquireLeaseResponse> acquireLease(AcquireLeaseRequest message) {
    return Grpc.answerPending(
        () -> operation.acquire(request(message)).thenApply(PermitsGrpc::response));
  }

  @Override
  public Uni<RenewLeaseResponse> renewLease(RenewLeaseRequest message) {
    return Grpc.answerPending(() ->
        operation
            .renew(
                message.getLease(),
                new RenewRequest(
                    message.hasTtl() ? ProtoDurations.of("ttl", message.getTtl()) : null))
            .thenApply(PermitsGrpc::response));
  }

  @Override
  public Uni<ReleaseLeaseResponse> releaseLease(ReleaseLeaseRequest message) {
    return Grpc.answerPending(() ->
        operation
            .release(message.getLease())
            .thenApply(_ -> ReleaseLeaseResponse.getDefaultInstance()));
  }

  @Override
  public Uni<ListLeasesResponse> listLeases(ListLeasesRequest message) {
    return Grpc.answerPending(() ->
        operation
            .look(
                new LeasesQuery(
                    message.getKey(),
                    message.hasPolicy() ? message.getPolicy() : null,
                    message.hasLimit() ? message.getLimit() : null))
            .thenApply(PermitsGrpc::response));
  }

  private static LeaseRequest request(AcquireLeaseRequest message) {
    return new LeaseRequest(
        message.getKey(),
        message.hasPermits() ? message.getPermits() : null,
        message.hasPolicy() ? message.getPolicy() : null,
        message.hasLimit() ? message.getLimit() : null,
        message.hasTtl() ? ProtoDurations.of("ttl", message.getTtl()) : null,
        message.hasWait() ? ProtoDurations.of("wait", message.getWait()) : null,
        message.hasHolder() ? message.getHolder() : null);
  }

  private static AcquireLeaseResponse response(LeaseAnswer answer) {
    var response =
        AcquireLeaseResponse.newBuilder()
            .setLease(answer.lease())
            .setKey(answer.key())
            .setPermits(answer.permits())
            .setLimit(answer.limit())
            .setRemaining(answer.remaining())
            .setExpiresAt(timestamp(answer.expiresAt()))
            .setWaited(ProtoDurations.of(answer.waited()));
    if (answer.fence() != null) {
      response.setFence(answer.fence());
    }
    return response.build();
  }

  private static RenewLeaseResponse response(RenewAnswer answer) {
    return RenewLeaseResponse.newBuilder()
        .setLease(answer.lease())
        .setFence(answer.fence())
        .setKey(answer.key())
        .setPermits(answer.permits())
        .setExpiresAt(timestamp(answer.expiresAt()))
        .build();
  }

  private static ListLeasesResponse response(LeasesAnswer answer) {
    var response =
        ListLeasesResponse.newBuilder()
            .setKey(answer.key())
            .setOut(answer.out())
            .setWaiting(answer.waiting())
            .setLeases(answer.leases());
    if (answer.limit() != null && answer.remaining() != null) {
      response.setLimit(answer.limit()).setRemaining(answer.remaining());
    }
    answer.holders().forEach(each -> response.addHolders(holder(each)));
    return response.build();
  }

  private static dev.sluice.limiter.grpc.Holder holder(LeasesAnswer.Holder holder) {
    var message =
        dev.sluice.limiter.grpc.Holder.newBuilder()
            .setPermits(holder.permits())
            .setFence(holder.fence())
            .setSince(timestamp(holder.since()))
            .setExpiresAt(timestamp(holder.expiresAt()));
    if (holder.holder() != null) {
      message.setHolder(holder.holder());
    }
    return message.build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
