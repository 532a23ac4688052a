package dev.sluice.mesh.process.router;

import dev.sluice.mesh.model.Fingerprint;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.process.Told;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of the latest requests, so that a repetition is answered the same, and an id that is
 * used again for something else is noticed; owned by the router. The oldest are forgotten.
 */
final class KnownIds {
  private final int max;
  private final long maxChars;
  private final SequencedMap<String, Known> byId = new LinkedHashMap<>();
  private long chars;

  /** What became of a request. */
  record Known(String key, String op, Fingerprint fingerprint, Outcome outcome) {

    /** What one is told who asks for that under this id. */
    Told told(Request again) {
      return new Told.Done(
          fingerprint.equals(again.fingerprint()) ? outcome : new Outcome.Conflict());
    }

    Told.Found found() {
      return new Told.Found(key, op, outcome);
    }

    private long chars() {
      return key.length()
          + switch (outcome) {
            case Outcome.Replied replied -> replied.reply().length();
            case Outcome.Failed failed -> failed.reason().length();
            case Outcome.NoRoom noRoom -> noRoom.reason().length();
            case Outcome.Faulty _, Outcome.Conflict _, Outcome.GivenUp _, Outcome.OutOfService _ ->
                0;
          };
    }
  }

  /**
   * @param max how many
   * @param maxChars how many characters their ids, keys and outcomes may have together
   */
  KnownIds(int max, long maxChars) {
    this.max = max;
    this.maxChars = maxChars;
  }

  @Nullable Known find(String id) {
    return byId.get(id);
  }

  void add(Request request, Outcome outcome) {
    var known = new Known(request.key(), request.op(), request.fingerprint(), outcome);
    Known before = byId.putLast(request.id(), known);
    chars += known.chars() + (before == null ? request.id().length() : -before.chars());
    while (byId.size() > max || chars > maxChars) {
      var oldest = byId.pollFirstEntry();
      chars -= oldest.getKey().length() + oldest.getValue().chars();
    }
  }
}
