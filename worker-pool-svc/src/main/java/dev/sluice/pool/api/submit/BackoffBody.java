package dev.sluice.pool.api.submit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import dev.sluice.pool.api.FieldChecks;
import dev.sluice.pool.model.Backoff;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait after failed attempts: an object, or a duration, which is that of {@code
 * initial}.
 *
 * @param initial after the first
 * @param factor how many times as long after each further one
 * @param max the longest
 * @param jitter which part is left to chance, 0 to 1
 */
@Schema(name = "Backoff", description = "Or a duration alone, which is initial")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonDeserialize(using = BackoffBody.Reader.class)
public record BackoffBody(
    @Schema(implementation = String.class, defaultValue = "1s", examples = "100ms")
        @Nullable Duration initial,
    @Schema(defaultValue = "2", description = "1 to 100") @Nullable Double factor,
    @Schema(implementation = String.class, defaultValue = "10m") @Nullable Duration max,
    @Schema(defaultValue = "0.5", description = "0 to 1") @Nullable Double jitter) {
  private static final Duration LEAST = Duration.ofMillis(1);

  /** What there is to say of one. */
  public static BackoffBody of(Backoff backoff) {
    return new BackoffBody(backoff.initial(), backoff.factor(), backoff.max(), backoff.jitter());
  }

  /** The same; what is not said is as it usually is, but never in the way of what is said. */
  public Backoff checked(FieldChecks checks, Duration maxBackoff) {
    Backoff usual = Backoff.DEFAULT;
    Duration most = max == null ? maxBackoff : shorter(max, maxBackoff);
    Duration first =
        checks.duration("initial", initial, LEAST, maxBackoff, shorter(usual.initial(), most));
    Duration longest =
        checks.duration(
            "max", max, LEAST, maxBackoff, longer(first, shorter(usual.max(), maxBackoff)));
    if (checks.isGood() && first.compareTo(longest) > 0) {
      checks.wrong("max", longest, "must be at least initial");
    }
    return new Backoff(
        first,
        checks.number("factor", factor, 1, 100, usual.factor()),
        longest,
        checks.number("jitter", jitter, 0, 1, usual.jitter()));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** The object as it stands. */
  @RegisterForReflection
  record Fields(
      @Nullable Duration initial,
      @Nullable Double factor,
      @Nullable Duration max,
      @Nullable Double jitter) {}

  /** Reads either form. */
  static final class Reader extends StdDeserializer<BackoffBody> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(BackoffBody.class);
    }

    @Override
    public BackoffBody deserialize(JsonParser from, DeserializationContext context)
        throws IOException {
      if (from.hasToken(JsonToken.VALUE_STRING)) {
        return new BackoffBody(context.readValue(from, Duration.class), null, null, null);
      }
      if (!from.hasToken(JsonToken.START_OBJECT)) {
        String allowed = "must be a duration or an object";
        throw JsonMappingException.from(from, allowed, new IllegalArgumentException(allowed));
      }
      Fields fields = context.readValue(from, Fields.class);
      return new BackoffBody(fields.initial, fields.factor, fields.max, fields.jitter);
    }
  }
}
