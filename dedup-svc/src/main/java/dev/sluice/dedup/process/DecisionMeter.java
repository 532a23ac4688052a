package dev.sluice.dedup.process;

/** Told what became of each sighting. Each shard has its own, and is alone to call it. */
@FunctionalInterface
public interface DecisionMeter {

  /** Tells nobody. */
  DecisionMeter NONE = _ -> {};

  /** What became of a sighting. */
  enum Result {
    /** Nobody was before the caller within the window. */
    FIRST,
    /** Somebody was. */
    DUPLICATE,
    /** Nothing was decided, for there was no room for another key, or for another request. */
    REFUSED,
    /** Nobody knows: the engine did not answer. */
    UNAVAILABLE
  }

  /** One sighting was decided. */
  void decided(Result result);
}
