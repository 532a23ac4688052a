package dev.sluice.dedup.api.stream;

import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The query of {@code POST /dedup/stream}.
 *
 * @param sieve what passes
 * @param key what a line is compared by
 * @param skipBad whether lines without a key are left out; otherwise the first ends the stream
 * @param summary whether a last line says how much there was
 */
record StreamParameters(SieveRequest sieve, LineKey key, boolean skipBad, boolean summary) {
  private static final Set<String> NAMES =
      Set.of("namespace", "ttl", "extend", "key", "mode", "quiet", "bad", "summary");

  private static final String DEFAULT_NAMESPACE = "default";

  /**
   * Reads it.
   *
   * @param keyBytes the longest key
   * @throws ProblemException invalid-input, with all that is wrong
   */
  static StreamParameters of(MultiMap query, int keyBytes, Sieves sieves) {
    return new Reader(query).read(keyBytes, sieves);
  }

  /** Reads one query, and gathers what is wrong with it. */
  private static final class Reader {
    private final MultiMap query;
    private final List<FieldError> errors = new ArrayList<>();

    Reader(MultiMap query) {
      this.query = query;
    }

    StreamParameters read(int keyBytes, Sieves sieves) {
      for (String name : query.names()) {
        if (!NAMES.contains(name)) {
          errors.add(new FieldError(name, null, "is not known"));
        } else if (query.getAll(name).size() > 1) {
          errors.add(new FieldError(name, null, "is there twice"));
        }
      }
      var request =
          new SieveRequest(
              mode(),
              Objects.requireNonNullElse(query.get("namespace"), DEFAULT_NAMESPACE),
              duration("ttl"),
              oneOf("extend", "false", "true").equals("true"),
              duration("quiet"));
      var parameters =
          new StreamParameters(
              request,
              key(keyBytes),
              oneOf("bad", "stop", "skip").equals("skip"),
              oneOf("summary", "false", "true").equals("true"));
      sieves.valid(request, errors);
      return parameters;
    }

    private Mode mode() {
      String label = query.get("mode");
      if (label == null) {
        return Mode.FIRST;
      }
      var mode = Mode.of(label);
      if (mode.isEmpty()) {
        errors.add(FieldError.of("mode", label, "must be one of " + Mode.labels()));
      }
      return mode.orElse(Mode.FIRST);
    }

    private LineKey key(int keyBytes) {
      String pointer = query.get("key");
      if (pointer == null) {
        return new WholeLine(keyBytes);
      }
      try {
        return new PointedKey(pointer, keyBytes);
      } catch (IllegalArgumentException invalid) {
        errors.add(FieldError.of("key", pointer, String.valueOf(invalid.getMessage())));
        return new WholeLine(keyBytes);
      }
    }

    private @Nullable Duration duration(String name) {
      String text = query.get(name);
      if (text == null) {
        return null;
      }
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException invalid) {
        errors.add(new FieldError(name, null, String.valueOf(invalid.getMessage())));
        return null;
      }
    }

    /** The first is the default. */
    private String oneOf(String name, String first, String second) {
      String value = Objects.requireNonNullElse(query.get(name), first);
      if (!value.equals(first) && !value.equals(second)) {
        errors.add(FieldError.of(name, value, "must be " + first + " or " + second));
        return first;
      }
      return value;
    }
  }
}
