package dev.sluice.cspm;

/**
 * A word of a script.
 *
 * @param startsLine first on its line: an opening parenthesis there does not continue an expression
 * @param spaced something blank stands before it
 */
record Token(Kind kind, String text, Position at, boolean startsLine, boolean spaced) {
  enum Kind {
    NAME,
    NUMBER,
    SIGN,
    END
  }

  boolean is(String expected) {
    return kind != Kind.END && text.equals(expected);
  }

  @Override
  public String toString() {
    return kind == Kind.END ? "the end of the file" : "'" + text + "'";
  }
}
