package dev.sluice.mesh.process;

import dev.sluice.mesh.store.ShardState;
import org.jspecify.annotations.Nullable;

/** Who holds a shard; owned by the supervisor. */
final class Holding {

  /** Where it is in its move from owner to owner. */
  enum Phase {
    /** With nobody: its state is with the supervisor. */
    FREE,
    /** Given to the holder, who has not said yet that it knows. */
    GIVEN,
    /** The holder's, and the router knows. */
    OWNED,
    /** Asked back from the holder, who has not let go yet. */
    RECALLED
  }

  final int shard;
  Phase phase = Phase.FREE;
  @Nullable Ward holder;

  /** The epoch of the holder's ownership, or of the last one's. Grows with every ownership. */
  long epoch;

  /** What the next owner starts with, while the shard is free or given. */
  ShardState state = ShardState.EMPTY;

  Holding(int shard) {
    this.shard = shard;
  }

  void giveTo(Ward ward) {
    phase = Phase.GIVEN;
    holder = ward;
    epoch++;
  }

  void taken() {
    phase = Phase.OWNED;
    state = ShardState.EMPTY;
  }

  void recall() {
    phase = Phase.RECALLED;
  }

  void released(ShardState released) {
    phase = Phase.FREE;
    holder = null;
    state = released;
  }

  /** Its holder is gone, and what it knew with it; what it had not taken over yet is still here. */
  void lost() {
    phase = Phase.FREE;
    holder = null;
  }
}
