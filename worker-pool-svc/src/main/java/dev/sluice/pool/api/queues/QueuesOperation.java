package dev.sluice.pool.api.queues;

import dev.sluice.pool.api.FieldChecks;
import dev.sluice.pool.api.Refusals;
import dev.sluice.pool.model.QueueNames;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.process.QueueLook;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.Limits;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at queues and steers them: what HTTP and gRPC have in common. */
@Singleton
public class QueuesOperation {
  private final WorkerPool pool;
  private final Limits limits;
  private final QueueChecks queueChecks;

  @Inject
  QueuesOperation(WorkerPool pool, Limits limits, QueueChecks queueChecks) {
    this.pool = pool;
    this.limits = limits;
    this.queueChecks = queueChecks;
  }

  /** All queues. */
  public Pending<QueuesAnswer> queues() {
    return Refusals.ask(
        pool::queues, queues -> new QueuesAnswer(queues.stream().map(QueueAnswer::of).toList()));
  }

  /** A queue; not-found when it is not there. */
  public Pending<QueueAnswer> queue(String name) {
    String known = named(name);
    return Refusals.ask(
        () -> pool.queue(known),
        found -> QueueAnswer.of(found.orElseThrow(() -> Refusals.unknownQueue(known))));
  }

  /** Makes a queue or changes it; a conflict when it has jobs and its kind would change. */
  public Pending<QueueAnswer> configure(String name, QueueBody body) {
    settings(named(name), body, QueueBody.SET).require();
    Pending<Optional<QueueLook>> before = Refusals.ask(() -> pool.queue(name), found -> found);
    return Refusals.then(before, found -> configure(name, body, found));
  }

  private Pending<QueueAnswer> configure(String name, QueueBody body, Optional<QueueLook> found) {
    String secret = found.map(look -> look.queue().settings().secret()).orElse(null);
    Checked checked = settings(name, body, secret);
    checked.require();
    Pending<String> configured =
        Refusals.ask(
            () -> pool.configure(name, checked.settings()),
            done -> required(done, name, () -> unchanged(name, found.isPresent())));
    return Refusals.then(configured, _ -> queue(name));
  }

  /** Settings, and what is wrong with them. */
  private record Checked(QueueSettings settings, FieldChecks checks) {
    void require() {
      checks.require();
    }
  }

  private Checked settings(String name, QueueBody body, @Nullable String secret) {
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    QueueSettings usual = pool.defaults(name);
    QueueSettings.Kind kind = QueueChecks.kind(body.kind(), usual.kind(), checks);
    if (kind == QueueSettings.Kind.PULL) {
      QueueChecks.forbidPush(body, checks);
    } else {
      checks.forbidden("lease", body.lease(), "is for pull queues");
    }
    QueueSettings base =
        kind == usual.kind()
            ? usual
            : pool.defaults(kind == QueueSettings.Kind.PUSH ? QueueNames.PUSH : QueueNames.PULL);
    return new Checked(queueChecks.settings(body, base, secret, checks), checks);
  }

  private static ProblemException unchanged(String name, boolean isThere) {
    return isThere
        ? new ProblemException(
            ProblemType.CONFLICT,
            "queue \"" + name + "\" has jobs, so it stays the kind of queue that it is")
        : Refusals.tooManyQueues(name);
  }

  /** Deletes a queue; a conflict when it has jobs. */
  public Pending<String> remove(String name) {
    String known = named(name);
    return Refusals.ask(
        () -> pool.remove(known), done -> required(done, known, () -> hasJobs(known)));
  }

  /** Stops or resumes handing out jobs. */
  public Pending<String> pause(String name, boolean paused) {
    String known = named(name);
    return Refusals.ask(
        () -> pool.pause(known, paused),
        done -> required(done, known, () -> Refusals.tooManyQueues(known)));
  }

  /** Deletes the jobs of a queue that wait, or those that have failed. */
  public Pending<CountAnswer> purge(String name, boolean dead) {
    String known = named(name);
    return Refusals.ask(() -> pool.purge(known, dead), CountAnswer::new);
  }

  /** Lets all failed jobs of a queue begin anew. */
  public Pending<CountAnswer> redrive(String name) {
    String known = named(name);
    return Refusals.ask(() -> pool.redrive(known), CountAnswer::new);
  }

  private String named(String name) {
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    checks.name("queue", name);
    checks.require();
    return name;
  }

  private static ProblemException hasJobs(String name) {
    return new ProblemException(
        ProblemType.CONFLICT,
        "queue \"" + name + "\" has jobs, perhaps finished ones that are kept");
  }

  private static String required(boolean done, String name, Supplier<ProblemException> otherwise) {
    if (!done) {
      throw otherwise.get();
    }
    return name;
  }
}
