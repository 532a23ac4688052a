package dev.sluice.mesh.store;

import dev.sluice.mesh.model.Outcome;

/**
 * An outcome as the row of a table, in every engine.
 *
 * @param kind which; a number that is never used for another
 * @param shard -1 when there is none
 * @param worker empty when there is none
 * @param number the epoch, or how many workers; 0 when there is none
 * @param text the reply or the reason; empty when there is none
 */
public record OutcomeRow(int kind, int shard, String worker, long number, String text) {
  private static final int REPLIED = 1;
  private static final int FAILED = 2;
  private static final int FAULTY = 3;
  private static final int NO_ROOM = 4;
  private static final int CONFLICT = 5;
  private static final int GIVEN_UP = 6;
  private static final int OUT_OF_SERVICE = 7;

  /** The row of an outcome. */
  public static OutcomeRow of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Replied(int shard, String worker, long epoch, String reply) ->
          new OutcomeRow(REPLIED, shard, worker, epoch, reply);
      case Outcome.Failed(int shard, String worker, long epoch, String reason) ->
          new OutcomeRow(FAILED, shard, worker, epoch, reason);
      case Outcome.Faulty(int shard, String worker, long epoch) ->
          new OutcomeRow(FAULTY, shard, worker, epoch, "");
      case Outcome.NoRoom(int shard, String worker, long epoch, String reason) ->
          new OutcomeRow(NO_ROOM, shard, worker, epoch, reason);
      case Outcome.Conflict() -> new OutcomeRow(CONFLICT, -1, "", 0, "");
      case Outcome.GivenUp(int shard, int workers) ->
          new OutcomeRow(GIVEN_UP, shard, "", workers, "");
      case Outcome.OutOfService(int shard) -> new OutcomeRow(OUT_OF_SERVICE, shard, "", 0, "");
    };
  }

  /**
   * The outcome of a row.
   *
   * @throws IllegalStateException no version that this program knows has written it
   */
  public Outcome outcome() {
    return switch (kind) {
      case REPLIED -> new Outcome.Replied(shard, worker, number, text);
      case FAILED -> new Outcome.Failed(shard, worker, number, text);
      case FAULTY -> new Outcome.Faulty(shard, worker, number);
      case NO_ROOM -> new Outcome.NoRoom(shard, worker, number, text);
      case CONFLICT -> new Outcome.Conflict();
      case GIVEN_UP -> new Outcome.GivenUp(shard, Math.toIntExact(number));
      case OUT_OF_SERVICE -> new Outcome.OutOfService(shard);
      default -> throw new IllegalStateException("there is no outcome of kind " + kind);
    };
  }
}
