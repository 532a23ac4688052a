package dev.sluice.mesh.process;

import dev.sluice.mesh.store.Fingerprint;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What the latest ids stood for, so that an id that is used again for something else is noticed;
 * owned by the router. The oldest are forgotten.
 */
final class KnownIds {
  private final int max;
  private final SequencedMap<String, Fingerprint> byId = new LinkedHashMap<>();

  KnownIds(int max) {
    this.max = max;
  }

  /** Whether the request's id is known for another request. */
  boolean contradict(Request request) {
    Fingerprint known = byId.get(request.id());
    return known != null && !known.equals(request.fingerprint());
  }

  void add(Request request) {
    byId.putLast(request.id(), request.fingerprint());
    if (byId.size() > max) {
      byId.pollFirstEntry();
    }
  }
}
