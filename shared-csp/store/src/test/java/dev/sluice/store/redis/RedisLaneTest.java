package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lane to a node of the test's own, which answers each probe, and the rest when it is told. */
class RedisLaneTest {
  private static final RedisSettings SETTINGS =
      new RedisSettings(Duration.ofSeconds(1), 5, Duration.ofMillis(100));

  private final List<CompletableFuture<RedisAnswer>> sent = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final RedisLane.Counts counts = new RedisLane.Counts();
  private boolean sends = true;
  private RedisLane lane;

  @BeforeEach
  void connect() {
    lane =
        new RedisLane(new Engine(), RedisEngine.ROOT, null, SETTINGS, () -> {}, counts, _ -> {}, 0);
    lane.collect();
  }

  @Test
  void anAnswerThatCannotBeReadIsThatOfOneRequest() {
    submit("one", "two");
    sent.get(0).complete(new RedisAnswer(List.of()));
    sent.get(1).complete(new RedisAnswer(List.of(7L)));
    lane.collect();

    assertEquals(List.of("one failed", "two answered"), told);
    assertEquals(1, counts.failed);
    assertFalse(lane.isWaiting());
  }

  @Test
  void norDoesItKeepAnybodyFromHearingThatTheNodeIsDown() {
    submit("one", "two");
    sent.get(0).complete(new RedisAnswer(List.of()));
    lane.sweep(SETTINGS.timeout().toNanos() + 1);

    assertEquals(List.of("one failed", "two failed"), told);
    assertFalse(lane.isWaiting());
  }

  @Test
  void whatCannotBeSentIsToldSo() {
    sends = false;
    submit("one", "two");

    assertEquals(List.of("one failed", "two failed"), told);
    assertFalse(lane.isWaiting());

    sends = true;
    submit("three");
    sent.get(0).complete(new RedisAnswer(List.of(7L)));
    lane.collect();
    assertEquals("three answered", told.getLast());
  }

  @Test
  void whoDoesNotTakeAFailureKeepsNobodyFromTheirs() {
    submit("deaf", "two");
    lane.sweep(SETTINGS.timeout().toNanos() + 1);

    assertEquals(List.of("two failed"), told);
  }

  private void submit(String... names) {
    for (String name : names) {
      lane.submit(new Asked(name), 0);
    }
    lane.flush();
  }

  /** Reads a number. */
  private final class Asked implements RedisRequest {
    private final String name;

    Asked(String name) {
      this.name = name;
    }

    @Override
    public String key() {
      return "{" + name + "}";
    }

    @Override
    public Call call(boolean whole) {
      return Call.probe(key());
    }

    @Override
    public void answered(RedisAnswer answer) {
      assertEquals(7, answer.number(0));
      told.add(name + " answered");
    }

    @Override
    public void failed(StoreFailure failure) {
      if (name.equals("deaf")) {
        throw new IllegalStateException("a mistake");
      }
      told.add(name + " failed");
    }
  }

  private final class Engine implements RedisEngine {
    private boolean probed;

    @Override
    public CompletableFuture<RedisLink> connect(String node) {
      return CompletableFuture.completedFuture(new Link());
    }

    @Override
    public boolean isCluster() {
      return false;
    }

    @Override
    public String nameOf(String node) {
      return "the test's";
    }

    @Override
    public void refresh() {}

    private final class Link implements RedisLink {
      @Override
      public List<CompletableFuture<RedisAnswer>> send(List<RedisRequest.Call> calls) {
        if (!sends) {
          throw new IllegalStateException("cannot send");
        }
        if (!probed) {
          probed = true;
          return List.of(CompletableFuture.completedFuture(new RedisAnswer(List.of())));
        }
        List<CompletableFuture<RedisAnswer>> answers = new ArrayList<>();
        calls.forEach(_ -> answers.add(new CompletableFuture<>()));
        sent.addAll(answers);
        return answers;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}

      @Override
      public String nodeOf(String key) {
        return RedisEngine.ROOT;
      }

      @Override
      public boolean keepsKeys(String node) {
        return true;
      }
    }
  }
}
