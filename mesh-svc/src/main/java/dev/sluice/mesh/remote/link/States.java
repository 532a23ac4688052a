package dev.sluice.mesh.remote.link;

import com.google.protobuf.MessageLite;
import dev.sluice.mesh.model.Answered;
import dev.sluice.mesh.model.Fingerprint;
import dev.sluice.mesh.model.KeyState;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.StateKey;
import dev.sluice.service.ProblemException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The states of shards, which travel in parts. */
final class States {
  /** A part is full when it has as many bytes. */
  static final int PART = 256 << 10;

  /** The most bytes of one shard's state. */
  static final long MOST = 64L << 20;

  private States() {}

  /** Takes one part. */
  @FunctionalInterface
  interface Parts {
    void part(dev.sluice.mesh.link.grpc.ShardState part, boolean more) throws InterruptedException;
  }

  /** Cuts a state into parts, one at least. */
  static void split(ShardState state, Parts to) throws InterruptedException {
    var splitter = new Splitter(state.lostAt(), to);
    for (Map.Entry<StateKey, KeyState> each : state.states().entrySet()) {
      splitter.add(keyState(each.getKey(), each.getValue()));
    }
    for (Map.Entry<String, Answered> each : state.answered().entrySet()) {
      splitter.add(answered(each.getKey(), each.getValue()));
    }
    splitter.end();
  }

  private static final class Splitter {
    private final Parts to;
    private dev.sluice.mesh.link.grpc.ShardState.Builder part =
        dev.sluice.mesh.link.grpc.ShardState.newBuilder();
    private int bytes;

    Splitter(@Nullable Instant lostAt, Parts to) {
      this.to = to;
      if (lostAt != null) {
        part.setLostAt(Check.timestamp(lostAt));
      }
    }

    void add(dev.sluice.mesh.link.grpc.KeyState state) throws InterruptedException {
      makeRoom(state);
      part.addStates(state);
    }

    void add(dev.sluice.mesh.link.grpc.Answered answered) throws InterruptedException {
      makeRoom(answered);
      part.addAnswered(answered);
    }

    private void makeRoom(MessageLite next) throws InterruptedException {
      int size = next.getSerializedSize();
      if (bytes > 0 && bytes + size > PART) {
        to.part(part.build(), true);
        part = dev.sluice.mesh.link.grpc.ShardState.newBuilder();
        bytes = 0;
      }
      bytes += size;
    }

    void end() throws InterruptedException {
      to.part(part.build(), false);
    }
  }

  private static dev.sluice.mesh.link.grpc.KeyState keyState(StateKey key, KeyState state) {
    var message =
        dev.sluice.mesh.link.grpc.KeyState.newBuilder()
            .setOp(key.op())
            .setKey(key.key())
            .setState(state.state());
    if (state.until() != null) {
      message.setUntil(Check.timestamp(state.until()));
    }
    return message.build();
  }

  private static KeyState keyState(dev.sluice.mesh.link.grpc.KeyState state) {
    return new KeyState(
        state.getState(), state.hasUntil() ? Check.instant("state.until", state.getUntil()) : null);
  }

  private static dev.sluice.mesh.link.grpc.Answered answered(String id, Answered answered) {
    return dev.sluice.mesh.link.grpc.Answered.newBuilder()
        .setId(id)
        .setFingerprint(fingerprint(answered.fingerprint()))
        .setReply(answered.reply())
        .build();
  }

  static dev.sluice.mesh.link.grpc.Fingerprint fingerprint(Fingerprint print) {
    return dev.sluice.mesh.link.grpc.Fingerprint.newBuilder()
        .setHigh(print.high())
        .setLow(print.low())
        .build();
  }

  static Fingerprint fingerprint(dev.sluice.mesh.link.grpc.Fingerprint print) {
    return new Fingerprint(print.getHigh(), print.getLow());
  }

  /** A state that comes in parts, without others in between. */
  static final class Joiner {
    private final Map<StateKey, KeyState> states = new HashMap<>();
    private final SequencedMap<String, Answered> answered = new LinkedHashMap<>();
    private @Nullable Instant lostAt;
    private long bytes;
    private int shard = -1;
    private long epoch;

    /**
     * Takes a part.
     *
     * @return the whole, with the last part
     */
    @Nullable ShardState join(
        int ofShard, long ofEpoch, dev.sluice.mesh.link.grpc.ShardState part, boolean more) {
      if (shard != -1 && (shard != ofShard || epoch != ofEpoch)) {
        throw ProblemException.invalid(
            "shard", ofShard, "must be " + shard + ", of which parts are missing");
      }
      take(part);
      if (more) {
        shard = ofShard;
        epoch = ofEpoch;
        return null;
      }
      var whole = new ShardState(states, answered, lostAt);
      clear();
      return whole;
    }

    /** Other messages may not come between parts. */
    void requireWhole() {
      if (shard != -1) {
        throw ProblemException.invalid(
            "state", "shard " + shard, "must be sent to its last part before anything else");
      }
    }

    private void take(dev.sluice.mesh.link.grpc.ShardState part) {
      bytes += part.getSerializedSize();
      if (bytes > MOST) {
        throw ProblemException.invalid("state", bytes, "must have " + MOST + " bytes at most");
      }
      part.getStatesList()
          .forEach(each ->
              states.put(
                  new StateKey(
                      Check.name("state.op", each.getOp()), Check.key("state.key", each.getKey())),
                  keyState(each)));
      part.getAnsweredList()
          .forEach(each ->
              answered.put(
                  Check.key("answered.id", each.getId()),
                  new Answered(fingerprint(each.getFingerprint()), each.getReply())));
      if (part.hasLostAt()) {
        lostAt = Check.instant("lost_at", part.getLostAt());
      }
    }

    private void clear() {
      states.clear();
      answered.clear();
      lostAt = null;
      bytes = 0;
      shard = -1;
    }
  }
}
