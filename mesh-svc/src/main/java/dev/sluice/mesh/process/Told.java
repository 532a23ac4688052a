package dev.sluice.mesh.process;

import dev.sluice.mesh.model.Outcome;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What a caller is told. */
public sealed interface Told {

  /** It has an outcome. */
  record Done(Outcome outcome) implements Told {}

  /**
   * The caller's wait has run out. The request is accepted, a durable one is in the log, and may
   * still be run.
   */
  record NotInTime(int shard) implements Told {}

  /** Nobody serves the operation; these are served. Not accepted. */
  record UnknownOp(SortedSet<String> ops) implements Told {}

  /** The router has as much in hand as it takes. Not accepted. */
  record Overloaded(String reason) implements Told {}

  /** The log is not there, or has failed. */
  record LogFailed(String reason, boolean isKnownNotAccepted) implements Told {}

  /** The router has not heard of the groups yet, since it was started. Not accepted. */
  record NotJoined() implements Told {}

  /** The router takes no more. Not accepted. */
  record Draining() implements Told {}

  /** Of {@link Router#find}: what is known of an id; the outcome is null while it is in flight. */
  record Found(String key, String op, @Nullable Outcome outcome) implements Told {}

  /** Of {@link Router#find}: nothing is known of it. */
  record Unknown() implements Told {}
}
