package dev.sluice.spec;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.WorkerPool;
import dev.sluice.csp.patterns.WorkerPool.Submission;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * One run of a pool of random size: some hand in jobs, which end well, fail, wait for ever or fail
 * the pool; and somebody may abandon replies, close the pool, cancel it, or interrupt those who
 * hand in, at any instant.
 */
final class PoolRun {
  /** What a model of the pool needs to know of this one. */
  record Recording(long seed, int workers, int queue, List<PoolRecorder.Step> steps) {}

  /** What a job does. */
  private enum Kind {
    SUCCEEDS,
    FAILS,
    SAYS_INTERRUPTED,
    TAKES_TIME,
    NEVER_ENDS,
    BREAKS_THE_POOL
  }

  private static final int LONGEST_PAUSE = 60;

  private final Random random;
  private final int workers;
  private final int queue;
  private final boolean cancelled;
  private final PoolRecorder recorder = new PoolRecorder();
  private final Channel<Integer> never = Channel.rendezvous();

  private PoolRun(long seed) {
    random = new Random(seed);
    workers = 1 + random.nextInt(3);
    queue = random.nextInt(3);
    cancelled = random.nextInt(4) == 0;
  }

  static Recording record(long seed) throws InterruptedException {
    var run = new PoolRun(seed);
    run.play();
    return new Recording(seed, run.workers, run.queue, run.recorder.steps());
  }

  private void play() throws InterruptedException {
    try (var all = Scope.open("run")) {
      var home = all.child("home");
      WorkerPool<Integer, Integer> pool =
          WorkerPool.start(home, "pool", workers, queue, this::work, recorder);
      var users = all.child("users");
      var others = all.child("others");
      submitters(users, pool);
      if (random.nextInt(2) == 0) {
        others.start("closer", afterPause(pool::close));
      }
      if (random.nextInt(8) == 0) {
        others.start("interrupter", afterPause(users::cancel));
      }
      if (cancelled) {
        others.start("canceller", afterPause(() -> cancel(home)));
      }
      users.join();
      pool.close();
      others.join();
      awaitEnd(home);
    }
  }

  private void submitters(Scope users, WorkerPool<Integer, Integer> pool) {
    int submitters = 1 + random.nextInt(3);
    for (int submitter = 0; submitter < submitters; submitter++) {
      int first = 100 * submitter;
      int jobs = random.nextInt(6);
      long seed = random.nextLong();
      users.start("submitter-" + submitter, () -> submit(pool, first, jobs, new Random(seed)));
    }
  }

  private void submit(WorkerPool<Integer, Integer> pool, int first, int jobs, Random own)
      throws InterruptedException {
    for (int job = first; job < first + jobs; job++) {
      pause(own.nextInt(LONGEST_PAUSE / 4));
      var submission = pool.submit(job);
      if (submission instanceof Submission.Accepted<Integer>(var reply) && own.nextInt(4) == 0) {
        pause(own.nextInt(3));
        recorder.abandoning(job);
        reply.abandon();
      }
    }
  }

  /** Called by several workers: all that is random of a job comes from its number. */
  private int work(int job) throws Exception {
    var own = new Random(31L * job + workers);
    pause(own.nextInt(5));
    return switch (kind(own.nextInt(100))) {
      case SUCCEEDS -> job;
      case FAILS -> throw new IOException("of job " + job);
      case SAYS_INTERRUPTED -> throw new InterruptedException("of job " + job);
      case TAKES_TIME -> {
        pause(own.nextInt(LONGEST_PAUSE));
        yield job;
      }
      case NEVER_ENDS -> never.receive();
      case BREAKS_THE_POOL -> {
        recorder.cancelling();
        throw new AssertionError("of job " + job);
      }
    };
  }

  private Kind kind(int percent) {
    if (percent < 50) {
      return Kind.SUCCEEDS;
    } else if (percent < 65) {
      return Kind.FAILS;
    } else if (percent < 75) {
      return Kind.SAYS_INTERRUPTED;
    } else if (percent < 95 || !cancelled) {
      return Kind.TAKES_TIME;
    } else {
      return percent < 98 ? Kind.NEVER_ENDS : Kind.BREAKS_THE_POOL;
    }
  }

  private void cancel(Scope home) {
    recorder.cancelling();
    home.cancel();
  }

  private Scope.Body afterPause(Scope.Body body) {
    int pause = random.nextInt(LONGEST_PAUSE);
    return () -> {
      pause(pause);
      body.run();
    };
  }

  @SuppressWarnings("ThreadPriorityCheck") // only to be at different places at different times
  private static void pause(int turns) {
    for (int turn = 0; turn < turns; turn++) {
      Thread.yield();
    }
  }

  private static void awaitEnd(Scope home) throws InterruptedException {
    try {
      home.join();
    } catch (AssertionError broken) {
      // by a job, as it should
    }
  }
}
