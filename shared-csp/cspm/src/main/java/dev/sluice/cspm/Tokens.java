package dev.sluice.cspm;

import java.util.List;

/** A reader's place in the tokens. */
final class Tokens {
  private final List<Token> all;
  private int next;

  Tokens(List<Token> all) {
    this.all = all;
  }

  Token peek() {
    return all.get(next);
  }

  /** The one that comes {@code ahead} after the next; the end when there are fewer. */
  Token peek(int ahead) {
    return all.get(Math.min(next + ahead, all.size() - 1));
  }

  Token take() {
    return all.get(next++);
  }

  boolean isNext(String text) {
    return peek().is(text);
  }

  boolean eat(String text) {
    if (!isNext(text)) {
      return false;
    }
    next++;
    return true;
  }

  void need(String text) {
    if (!eat(text)) {
      throw expected("'" + text + "'");
    }
  }

  String name() {
    if (peek().kind() != Token.Kind.NAME) {
      throw expected("a name");
    }
    return take().text();
  }

  boolean atEnd() {
    return peek().kind() == Token.Kind.END;
  }

  CspmException expected(String what) {
    return new CspmException(peek().at(), "expected " + what + " but found " + peek());
  }

  int place() {
    return next;
  }

  /** What stands between the place and here, on one line. */
  String textSince(int place) {
    var text = new StringBuilder();
    for (Token token : all.subList(place, next)) {
      text.append(token.spaced() && !text.isEmpty() ? " " : "").append(token.text());
    }
    return text.toString();
  }
}
