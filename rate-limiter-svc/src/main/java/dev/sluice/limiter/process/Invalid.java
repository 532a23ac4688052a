package dev.sluice.limiter.process;

import org.jspecify.annotations.Nullable;

/** What was asked is not possible. The field, its value and what is allowed make the message. */
public final class Invalid extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String field;
  private final transient @Nullable Object value;
  private final String allowed;

  /**
   * @param field which field
   * @param value what it is; null when it is missing
   * @param allowed what it may be
   */
  public Invalid(String field, @Nullable Object value, String allowed) {
    super(message(field, value, allowed));
    this.field = field;
    this.value = value;
    this.allowed = allowed;
  }

  private static String message(String field, @Nullable Object value, String allowed) {
    return switch (value) {
      case null -> field + " " + allowed;
      case Terms _ -> allowed; // which names the term and its value
      default -> field + " is " + value + ", " + allowed;
    };
  }

  /** Which field. */
  public String field() {
    return field;
  }

  /** What it is; null when it is missing. */
  public @Nullable Object value() {
    return value;
  }

  /** What it may be. */
  public String allowed() {
    return allowed;
  }
}
