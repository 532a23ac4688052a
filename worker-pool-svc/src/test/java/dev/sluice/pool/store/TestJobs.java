package dev.sluice.pool.store;

import dev.sluice.pool.model.Backoff;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.Debounce;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Terms;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Jobs and settings for tests. */
public final class TestJobs {
  static final int CAPACITY = 10;
  static final long CAPACITY_BYTES = 1_000;
  static final int MAX_QUEUES = 5;
  static final Duration LEASE = Duration.ofSeconds(30);
  static final Duration KEEP_SUCCEEDED = Duration.ofHours(1);
  static final Duration KEEP_FAILED = Duration.ofHours(2);
  static final Duration WINDOW = Duration.ofMinutes(10);

  /** One second, then two, then four, without chance. */
  static final Terms TERMS =
      new Terms(
          3,
          Duration.ofSeconds(10),
          new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0));

  public static final QueueDefaults DEFAULTS =
      new QueueDefaults(settings(Kind.PULL), settings(Kind.PUSH), MAX_QUEUES);

  private TestJobs() {}

  public static QueueSettings settings(Kind kind) {
    return settings(kind, CAPACITY);
  }

  public static QueueSettings settings(Kind kind, int capacity) {
    return settings(kind, capacity, CAPACITY_BYTES);
  }

  /** As good as without a bound. */
  public static QueueSettings roomy(Kind kind) {
    return settings(kind, 100_000_000, 1L << 50);
  }

  private static QueueSettings settings(Kind kind, int capacity, long capacityBytes) {
    return new QueueSettings(
        kind,
        capacity,
        capacityBytes,
        4,
        LEASE,
        TERMS,
        null,
        2,
        null,
        null,
        null,
        false,
        WINDOW,
        KEEP_SUCCEEDED,
        KEEP_FAILED);
  }

  public static Call call() {
    return new Call(
        "POST", URI.create("https://example.com/hook?a=b"), Map.of("X-Two", "\u00e4 \"b\""));
  }

  public static Wish job(String queue) {
    return new Wish(queue);
  }

  /** A job, wish by wish. */
  public static final class Wish {
    private final String queue;
    private Payload payload = Payload.json("{}");
    private Call call;
    private NewJob.Priority priority = NewJob.Priority.NORMAL;
    private Duration delay = Duration.ZERO;
    private Instant notBefore;
    private Instant deadline;
    private Terms terms = TERMS;
    private String key;
    private String group;
    private Debounce debounce;

    private Wish(String queue) {
      this.queue = queue;
    }

    public NewJob job() {
      return new NewJob(
          queue, payload, call, priority, delay, notBefore, deadline, terms, key, group, debounce);
    }

    public Wish payload(Payload wish) {
      payload = wish;
      return this;
    }

    public Wish payload(String json) {
      return payload(Payload.json(json));
    }

    public Wish call(Call wish) {
      call = wish;
      return this;
    }

    public Wish high() {
      priority = NewJob.Priority.HIGH;
      return this;
    }

    public Wish delay(Duration wish) {
      delay = wish;
      return this;
    }

    public Wish notBefore(Instant wish) {
      notBefore = wish;
      return this;
    }

    public Wish deadline(Instant wish) {
      deadline = wish;
      return this;
    }

    public Wish attempts(int attempts) {
      terms = new Terms(attempts, terms.timeout(), terms.backoff());
      return this;
    }

    public Wish key(String wish) {
      key = wish;
      return this;
    }

    public Wish group(String wish) {
      group = wish;
      return this;
    }

    public Wish debounce(String wish, Duration quiet, Duration max) {
      debounce = new Debounce(wish, quiet, max);
      return this;
    }
  }
}
