package dev.sluice.mesh.process.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.KeyHash;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.Result;
import dev.sluice.mesh.model.ToWorker.Delivery;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.process.Ask;
import dev.sluice.mesh.process.Told;
import dev.sluice.mesh.process.router.RouterRig.WorkerEnd;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random faults from a seed: links break with what is under way, shards move, workers die, the
 * router dies and comes back with its log, the log fails. Workers have perfect memory of what they
 * have run, as if it always moved with the shard, so that each request is run once.
 */
@Timeout(120)
class RouterFaultsTest {
  private static final int SHARDS = 3;
  private static final int KEYS = 6;
  private static final int WINDOW = 4;
  private static final int REQUESTS = 60;
  private static final StoreFailure AWAY =
      new StoreFailure.Unavailable("the disk is gone", Duration.ofSeconds(1));

  /** A worker of the test: takes what is of its epoch, in order, and remembers. */
  private static final class Member {
    WorkerId id;
    @Nullable WorkerEnd end;
    final Deque<Delivery> taken = new ArrayDeque<>();

    Member(WorkerId id) {
      this.id = id;
    }
  }

  private record Sent(Request request, List<Reply<Told>> replies) {}

  private static LongStream seeds() {
    return LongStream.range(0, Integer.getInteger("sluice.seeds", 200));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyAcceptedRequestHasOneOutcomeAndIsRunInOrder(long seed) {
    new Run(seed).run();
  }

  private static final class Run {
    private final RandomGenerator random;
    private final RouterRig rig =
        new RouterRig(
            SHARDS, RouterRig.settings(1_000, 1_000, 1_000_000, Integer.MAX_VALUE, 20, 10_000));
    private final List<Member> members = new ArrayList<>();
    private final Map<String, Sent> sent = new LinkedHashMap<>();

    // What all workers remember together, and who owns what.
    private final Map<String, String> ran = new LinkedHashMap<>();
    private final Member[] owners = new Member[SHARDS];
    private final long[] epochs = new long[SHARDS];
    private long incarnations;
    private boolean isSupervised;

    Run(long seed) {
      random = new SplittableRandom(seed);
      rig.log.isPrompt = false;
      for (int i = 0; i < 3; i++) {
        members.add(new Member(new WorkerId("worker-" + i, ++incarnations)));
      }
    }

    void run() {
      supervise();
      while (sent.size() < REQUESTS) {
        turn(random.nextInt(100));
        check();
      }
      settle();
      sent.values().forEach(this::checkOutcome);
      assertEquals(byKey(rig.log.content().keySet()), byKey(ran.keySet()), "the order of each key");
    }

    /** Those apart of which the log once said that it does not know whether it has kept them. */
    private Map<String, List<String>> byKey(Collection<String> ids) {
      return ids.stream()
          .map(sent::get)
          .filter(one -> one.replies.stream().noneMatch(Run::isLogFailed))
          .collect(
              Collectors.groupingBy(
                  one -> one.request.key(),
                  Collectors.mapping(one -> one.request.id(), Collectors.toList())));
    }

    private static boolean isLogFailed(Reply<Told> reply) {
      return reply.isDone() && RouterRig.told(reply) instanceof Told.LogFailed;
    }

    private void turn(int turn) {
      if (turn < 25) {
        send();
      } else if (turn < 45) {
        rig.round();
      } else if (turn < 75) {
        work(any());
      } else if (turn < 83) {
        rig.log.failure = random.nextInt(8) == 0 ? AWAY : null;
        rig.log.keepsWhatItFails = random.nextBoolean();
        rig.log.commit();
      } else if (turn < 88) {
        repeat();
      } else if (turn < 91) {
        cut(any(), true);
      } else if (turn < 94) {
        move(random.nextInt(SHARDS), any());
      } else if (turn < 95) {
        fence(any());
      } else if (turn < 96) {
        restart();
      } else if (turn < 98) {
        rig.pass(Duration.ofMillis(random.nextInt(700)));
        members.forEach(this::ping);
      } else {
        rig.dialer.cut(link -> link.to().equals("supervisor"), true);
        isSupervised = false;
      }
      if (!isSupervised && random.nextInt(4) == 0) {
        supervise();
      }
      members.forEach(member -> {
        if (member.end == null && random.nextInt(4) == 0) {
          link(member);
        }
      });
    }

    private Member any() {
      return members.get(random.nextInt(members.size()));
    }

    private void send() {
      int number = sent.size();
      String key = "key-" + random.nextInt(KEYS);
      var request = new Request("r-" + number, key, "echo", Integer.toString(number), true);
      sent.put(request.id(), new Sent(request, new ArrayList<>()));
      ask(request.id());
    }

    private void repeat() {
      if (!sent.isEmpty()) {
        ask("r-" + random.nextInt(sent.size()));
      }
    }

    private void ask(String id) {
      Sent one = Objects.requireNonNull(sent.get(id));
      one.replies.add(rig.ports.ask(new Ask(one.request, Duration.ofDays(1))));
    }

    // Faults

    private void cut(Member member, boolean isLossy) {
      if (member.end != null) {
        rig.dialer.cut(link -> link.link() == member.end.link, isLossy);
        member.end = null;
        member.taken.clear();
      }
    }

    private void link(Member member) {
      member.taken.clear();
      member.end = rig.link(member.id, WINDOW);
    }

    /** In good order: from now on the one before refuses. */
    private void move(int shard, Member to) {
      owners[shard] = to;
      epochs[shard]++;
      tellRoute(shard);
    }

    private void fence(Member member) {
      if (isSupervised) {
        rig.fence(member.id);
      }
      cut(member, random.nextBoolean());
      member.id = new WorkerId(member.id.name(), ++incarnations);
      for (int shard = 0; shard < SHARDS; shard++) {
        if (owners[shard] == member) {
          move(shard, any());
        }
      }
    }

    private void restart() {
      rig.restart();
      members.forEach(member -> {
        member.end = null;
        member.taken.clear();
      });
      isSupervised = false;
    }

    private void supervise() {
      for (int i = 0; i < 3; i++) {
        rig.pass(Duration.ofMillis(600)); // it has dialled by then
      }
      rig.welcome("echo");
      isSupervised = true;
      for (int shard = 0; shard < SHARDS; shard++) {
        if (owners[shard] != null) {
          tellRoute(shard);
        } else {
          move(shard, any());
        }
      }
    }

    private void tellRoute(int shard) {
      if (isSupervised) {
        rig.route(shard, owners[shard].id, epochs[shard]);
      }
    }

    // Workers

    private void ping(Member member) {
      if (member.end != null && !member.end.isCut()) {
        member.end.say(new FromWorker.Ping());
      }
    }

    private void work(Member member) {
      if (member.end == null) {
        return;
      }
      if (member.end.isCut()) {
        member.end = null;
        member.taken.clear();
        return;
      }
      member.taken.addAll(member.end.deliveries());
      assertTrue(member.taken.size() <= WINDOW, "credits are exceeded");
      Delivery next = member.taken.poll();
      if (next != null) {
        answer(member, next);
      }
    }

    private void answer(Member member, Delivery delivery) {
      int shard = delivery.shard();
      boolean isOwner = owners[shard] == member && epochs[shard] == delivery.epoch();
      Result result = isOwner ? new Result.Replied(run(delivery.request())) : new Result.Stale();
      if (random.nextInt(20) == 0) {
        cut(member, true); // the answer is lost
      } else {
        Objects.requireNonNull(member.end).answer(delivery, result);
      }
    }

    private String run(Request request) {
      ran.putIfAbsent(request.id(), "ran " + request.id());
      return Objects.requireNonNull(ran.get(request.id()));
    }

    // What must hold

    private void check() {
      for (String step : rig.steps) {
        assertTrue(!step.startsWith("giveup"), step);
      }
      rig.steps.clear();
    }

    /** Without further faults, until everybody is answered. */
    private void settle() {
      rig.log.failure = null;
      restart();
      supervise();
      sent.keySet().forEach(this::ask); // those whose caller died with the router ask again
      for (int i = 0; i < 2_000; i++) {
        members.stream().filter(member -> member.end == null).forEach(this::link);
        rig.log.commit();
        rig.round();
        members.forEach(this::work);
        if (rig.counts().inFlight() == 0 && i > 10) {
          return;
        }
        rig.pass(Duration.ofMillis(10));
        members.forEach(this::ping);
      }
      fail("something is never answered: " + rig.counts());
    }

    private static String replyOf(Told told) {
      var outcome = assertInstanceOf(Told.Done.class, told).outcome();
      return assertInstanceOf(Outcome.Replied.class, outcome).reply();
    }

    private void checkOutcome(Sent one) {
      String id = one.request.id();
      var last = assertInstanceOf(Told.Done.class, RouterRig.told(one.replies.getLast()), id);
      var outcome = assertInstanceOf(Outcome.Replied.class, last.outcome(), id);
      assertEquals(ran.get(id), outcome.reply());
      assertEquals(KeyHash.shard(one.request.key(), SHARDS), outcome.shard());
      var row = rig.log.row(id);
      assertNotNull(row, id);
      one.replies.stream()
          .filter(Reply::isDone)
          .map(RouterRig::told)
          .filter(told -> !(told instanceof Told.NotJoined || told instanceof Told.LogFailed))
          .forEach(told -> assertEquals(outcome.reply(), replyOf(told), id));
    }
  }
}
