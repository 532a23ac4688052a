package dev.sluice.pool.api.grpc;

import static dev.sluice.pool.api.grpc.ProtoAnswers.set;
import static dev.sluice.pool.api.grpc.ProtoTimes.timestamp;

import dev.sluice.pool.api.queues.QueueAnswer;
import dev.sluice.pool.api.queues.QueueBody;
import dev.sluice.pool.api.queues.QueuesAnswer;
import dev.sluice.pool.api.schedules.ScheduleAnswer;
import dev.sluice.pool.api.schedules.SchedulesAnswer;
import dev.sluice.pool.api.submit.BackoffBody;
import dev.sluice.pool.api.submit.SubmitRequest;
import dev.sluice.pool.grpc.Breaker;
import dev.sluice.pool.grpc.Debounce;
import dev.sluice.pool.grpc.ListQueuesResponse;
import dev.sluice.pool.grpc.ListSchedulesResponse;
import dev.sluice.pool.grpc.Missed;
import dev.sluice.pool.grpc.Queue;
import dev.sluice.pool.grpc.QueueKind;
import dev.sluice.pool.grpc.QueueSettings;
import dev.sluice.pool.grpc.Rate;
import dev.sluice.pool.grpc.Schedule;
import dev.sluice.pool.grpc.Target;
import dev.sluice.service.grpc.ProtoDurations;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Writes as gRPC's messages what HTTP's bodies are: queues and schedules. */
final class ProtoQueues {
  private ProtoQueues() {}

  static ListQueuesResponse queues(QueuesAnswer answer) {
    var response = ListQueuesResponse.newBuilder();
    answer.queues().forEach(queue -> response.addQueues(queue(queue)));
    return response.build();
  }

  static Queue queue(QueueAnswer answer) {
    QueueAnswer.Counts jobs = answer.jobs();
    var queue =
        Queue.newBuilder()
            .setName(answer.name())
            .setSettings(settings(answer.settings()))
            .setConfigured(answer.configured())
            .setPaused(answer.paused())
            .setDepth(answer.depth())
            .setScheduled(jobs.scheduled())
            .setBlocked(jobs.blocked())
            .setQueued(jobs.queued())
            .setRunning(jobs.running())
            .setRetrying(jobs.retrying())
            .setSucceeded(jobs.succeeded())
            .setFailed(jobs.failed())
            .setCancelled(jobs.cancelled())
            .setBytes(answer.bytes())
            .setWaitingSubmits(answer.waitingSubmits())
            .setWaitingLeases(answer.waitingLeases());
    set(answer.calls(), queue::setCalls);
    set(answer.openBreakers(), queue::addAllOpenBreakers);
    return queue.build();
  }

  private static QueueSettings settings(QueueBody body) {
    var settings =
        QueueSettings.newBuilder()
            .setKind(
                "push".equals(body.kind()) ? QueueKind.QUEUE_KIND_PUSH : QueueKind.QUEUE_KIND_PULL);
    set(body.capacity(), settings::setCapacity);
    set(body.capacityBytes(), settings::setCapacityBytes);
    set(body.workers(), settings::setWorkers);
    set(body.lease(), (Duration d) -> settings.setLease(ProtoDurations.of(d)));
    set(body.attempts(), settings::setAttempts);
    set(body.timeout(), (Duration d) -> settings.setTimeout(ProtoDurations.of(d)));
    set(body.backoff(), (BackoffBody b) -> settings.setBackoff(ProtoAnswers.backoff(b)));
    set(body.rate(), (QueueBody.RateBody r) -> settings.setRate(rate(r)));
    set(body.hostWorkers(), settings::setHostWorkers);
    set(body.hostRate(), (QueueBody.RateBody r) -> settings.setHostRate(rate(r)));
    set(body.breaker(), (QueueBody.BreakerBody b) -> settings.setBreaker(breaker(b)));
    set(body.secret(), settings::setSecret);
    set(body.retryClientErrors(), settings::setRetryClientErrors);
    set(
        body.idempotencyWindow(),
        (Duration d) -> settings.setIdempotencyWindow(ProtoDurations.of(d)));
    set(body.keepSucceeded(), (Duration d) -> settings.setKeepSucceeded(ProtoDurations.of(d)));
    set(body.keepFailed(), (Duration d) -> settings.setKeepFailed(ProtoDurations.of(d)));
    return settings.build();
  }

  private static Rate rate(QueueBody.RateBody body) {
    var rate = Rate.newBuilder();
    set(body.limit(), rate::setLimit);
    set(body.per(), (Duration d) -> rate.setPer(ProtoDurations.of(d)));
    set(body.burst(), rate::setBurst);
    return rate.build();
  }

  private static Breaker breaker(QueueBody.BreakerBody body) {
    var breaker = Breaker.newBuilder();
    set(body.failures(), breaker::setFailures);
    set(body.open(), (Duration d) -> breaker.setOpen(ProtoDurations.of(d)));
    return breaker.build();
  }

  static ListSchedulesResponse schedules(SchedulesAnswer answer) {
    var response = ListSchedulesResponse.newBuilder();
    answer.schedules().forEach(schedule -> response.addSchedules(schedule(schedule)));
    return response.build();
  }

  static Schedule schedule(ScheduleAnswer answer) {
    var schedule =
        Schedule.newBuilder()
            .setName(answer.name())
            .setCron(answer.cron())
            .setZone(answer.zone())
            .setMissed(answer.missed().equals("skip") ? Missed.MISSED_SKIP : Missed.MISSED_CATCH_UP)
            .setJob(job(answer.job()))
            .setPaused(answer.paused());
    set(answer.next(), (Instant at) -> schedule.setNext(timestamp(at)));
    set(answer.last(), (Instant at) -> schedule.setLast(timestamp(at)));
    set(answer.lastJob(), (UUID id) -> schedule.setLastJob(id.toString()));
    return schedule.build();
  }

  private static dev.sluice.pool.grpc.SubmitRequest job(SubmitRequest job) {
    var message = dev.sluice.pool.grpc.SubmitRequest.newBuilder();
    if (job.payload() != null || job.payloadBase64() != null) {
      message.setPayload(ProtoAnswers.payload(job.payload(), job.payloadBase64()));
    }
    set(job.queue(), message::setQueue);
    set(job.target(), (SubmitRequest.Target target) -> message.setTarget(target(target)));
    set(job.priority(), (String name) -> message.setPriority(ProtoAnswers.priority(name)));
    set(job.delay(), (Duration d) -> message.setDelay(ProtoDurations.of(d)));
    set(job.timeout(), (Duration d) -> message.setTimeout(ProtoDurations.of(d)));
    set(job.attempts(), message::setAttempts);
    set(job.backoff(), (BackoffBody b) -> message.setBackoff(ProtoAnswers.backoff(b)));
    set(job.group(), message::setGroup);
    set(job.debounce(), (SubmitRequest.DebounceBody d) -> message.setDebounce(debounce(d)));
    return message.build();
  }

  private static Target target(SubmitRequest.Target target) {
    var message = Target.newBuilder();
    set(target.method(), message::setMethod);
    set(target.url(), message::setUrl);
    return message.build();
  }

  private static Debounce debounce(SubmitRequest.DebounceBody body) {
    var debounce = Debounce.newBuilder();
    set(body.key(), debounce::setKey);
    set(body.quiet(), (Duration d) -> debounce.setQuiet(ProtoDurations.of(d)));
    set(body.max(), (Duration d) -> debounce.setMax(ProtoDurations.of(d)));
    return debounce.build();
  }
}
