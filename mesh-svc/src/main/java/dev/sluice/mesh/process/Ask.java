package dev.sluice.mesh.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks the owner of a key for something.
 *
 * @param id makes a repetition safe
 * @param key whose owner is asked
 * @param op which operation
 * @param payload JSON
 * @param maxWait how long the caller will wait for the reply; null: as long as is usual
 */
public record Ask(String id, String key, String op, String payload, @Nullable Duration maxWait) {

  /** What was asked is not possible. The field, its value and what is allowed make the message. */
  public static final class Invalid extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;
    private final transient Object value;
    private final String allowed;

    Invalid(String field, Object value, String allowed) {
      super(field + " is " + value + ", " + allowed);
      this.field = field;
      this.value = value;
      this.allowed = allowed;
    }

    public String field() {
      return field;
    }

    public Object value() {
      return value;
    }

    public String allowed() {
      return allowed;
    }
  }
}
