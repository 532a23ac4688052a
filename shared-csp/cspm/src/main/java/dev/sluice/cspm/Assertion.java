package dev.sluice.cspm;

/** What a script claims of a process. */
public final class Assertion {

  /** Traces, stable failures, failures and divergences. */
  enum Model {
    T,
    F,
    FD
  }

  enum Property {
    DEADLOCK_FREE,
    DIVERGENCE_FREE,
    DETERMINISTIC
  }

  sealed interface Claim {}

  record Refines(Expr specification, Model model, Expr implementation) implements Claim {}

  record Has(Expr process, Property property, Model model) implements Claim {}

  private final String text;
  private final Position at;
  private final boolean negated;
  private final Claim claim;

  Assertion(String text, Position at, boolean negated, Claim claim) {
    this.text = text;
    this.at = at;
    this.negated = negated;
    this.claim = claim;
  }

  /** {@return what stands in the script after {@code assert}, on one line} */
  public String text() {
    return text;
  }

  /** {@return where it stands: the file's name and the line} */
  public String at() {
    return at.toString();
  }

  /** {@return whether it begins with {@code not}, so that it holds when what follows does not} */
  public boolean isNegated() {
    return negated;
  }

  Claim claim() {
    return claim;
  }

  /** {@return its text} */
  @Override
  public String toString() {
    return text;
  }
}
