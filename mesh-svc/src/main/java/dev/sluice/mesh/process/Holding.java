package dev.sluice.mesh.process;

import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerId;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a slice; owned by the supervisor. Times are the clock's nanoseconds.
 *
 * <pre>
 *           give             Owned             Release            Released
 *   FREE ---------&gt; GIVEN ---------&gt; OWNED ------------&gt; RECALLED ---------&gt; FREE
 *    ^                |                |                     |
 *    |   lease over   +--------------+-+---------------------+ the holder is fenced
 *    +-----------------  LAPSING  &lt;--+
 * </pre>
 */
final class Holding {

  /** Where it is in its move from owner to owner. */
  enum Phase {
    /** With nobody: its state is with the supervisor. */
    FREE,
    /** Given to the holder, who has not said yet that it knows. */
    GIVEN,
    /** The holder's, and the routers know. */
    OWNED,
    /** Asked back from the holder, who has not let go yet. */
    RECALLED,
    /** Its holder is fenced, and may not have noticed yet. */
    LAPSING
  }

  final Slice slice;
  Phase phase = Phase.FREE;
  @Nullable Ward holder;

  /** The epoch of the holder's ownership, or of the last one's. Grows with every ownership. */
  long epoch;

  /** The highest epoch that anybody has told of. */
  long known;

  /**
   * What the next owner starts with, while the slice is free, given or lapsing; null when that is
   * lost, or has never been.
   */
  @Nullable ShardState state;

  /** How large the state is, if it is kept because nobody is there to take it. */
  long keptChars;

  /** Whether it has ever been given to anybody. */
  boolean wasGiven;

  /** Whose it is no longer, while it lapses. */
  @Nullable WorkerId former;

  /** When it is free, while it lapses. */
  long freeAt;

  /** When the holder was told what it has not answered. */
  long toldAt;

  Holding(Slice slice) {
    this.slice = slice;
  }

  int shard() {
    return slice.shard();
  }

  boolean isHeldBy(Ward ward) {
    return holder == ward;
  }

  boolean isHeldBy(Ward ward, long its) {
    return holder == ward && epoch == its;
  }

  /** Whether somebody owns it, and the routers know. */
  boolean isServed() {
    return phase == Phase.OWNED || phase == Phase.RECALLED;
  }

  /** Whether the holder owes an answer. */
  boolean isOwed() {
    return phase == Phase.GIVEN || phase == Phase.RECALLED;
  }

  /** Whether somebody knows of a later ownership, of which the supervisor did not. */
  boolean isOutdated() {
    return phase == Phase.OWNED && epoch < known;
  }

  /**
   * @param above the new epoch is above this one too
   */
  void giveTo(Ward ward, long above, ShardState withState, long now) {
    phase = Phase.GIVEN;
    holder = ward;
    epoch = Math.max(above, Math.max(epoch, known)) + 1;
    known = epoch;
    state = withState;
    keptChars = 0;
    wasGiven = true;
    toldAt = now;
  }

  void taken() {
    phase = Phase.OWNED;
    state = null;
  }

  /** It is the ward's already, as that one says. */
  void adoptedBy(Ward ward, long its) {
    taken();
    holder = ward;
    epoch = its;
    known = Math.max(known, its);
    wasGiven = true;
  }

  void recall(long now) {
    phase = Phase.RECALLED;
    toldAt = now;
  }

  void released(@Nullable ShardState released) {
    phase = Phase.FREE;
    holder = null;
    former = null;
    state = released;
  }

  /**
   * Its holder is fenced, and what it knew is lost; what it had not taken over yet is still here.
   */
  void lapses(WorkerId whose, long until) {
    phase = Phase.LAPSING;
    holder = null;
    former = whose;
    freeAt = until;
  }

  void free() {
    phase = Phase.FREE;
    former = null;
  }
}
