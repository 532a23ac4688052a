package dev.sluice.cspm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Cuts a script and all that it includes into tokens; the last of them is the end. */
final class Lexer {
  /** Longer ones first. */
  private static final List<String> SIGNS =
      List.of(
          ("||| |~| [[ ]] [| |] [] [> {| |} || /\\ -> <- <= >= == != .. [ ] { } ( ) < > | , : ; \\"
                  + " & @ # ^ + - * / % = . ? !")
              .split(" "));

  private final Source source;
  private final String text;
  private final List<Token> tokens;
  private final Set<Source> seen;
  private int at;
  private int line = 1;
  private boolean startsLine = true;
  private boolean spaced = true;

  private Lexer(Source source, List<Token> tokens, Set<Source> seen) throws IOException {
    this.source = source;
    this.text = source.text();
    this.tokens = tokens;
    this.seen = seen;
  }

  static List<Token> read(Source source) throws IOException {
    var tokens = new ArrayList<Token>();
    var seen = new HashSet<Source>();
    seen.add(source);
    var lexer = new Lexer(source, tokens, seen);
    lexer.readAll();
    lexer.add(Token.Kind.END, "");
    return tokens;
  }

  private void readAll() throws IOException {
    while (at < text.length()) {
      if (!skipBlank()) {
        readToken();
      }
    }
  }

  private boolean skipBlank() {
    char next = text.charAt(at);
    if (next == '\n') {
      line++;
      startsLine = true;
      at++;
    } else if (Character.isWhitespace(next)) {
      at++;
    } else if (text.startsWith("--", at)) {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end;
    } else if (text.startsWith("{-", at)) {
      skipComment();
    } else {
      return false;
    }
    spaced = true;
    return true;
  }

  /** Comments in braces nest. */
  private void skipComment() {
    Position start = position();
    int depth = 0;
    do {
      if (at >= text.length()) {
        throw new CspmException(start, "a comment begins here that does not end: expected '-}'");
      }
      if (text.startsWith("{-", at)) {
        depth++;
        at += 2;
      } else if (text.startsWith("-}", at)) {
        depth--;
        at += 2;
      } else if (text.charAt(at++) == '\n') {
        line++;
      }
    } while (depth > 0);
  }

  private void readToken() throws IOException {
    char next = text.charAt(at);
    if (Character.isLetter(next)) {
      String name = take(c -> Character.isLetterOrDigit(c) || c == '_' || c == '\'');
      if (name.equals("include")) {
        include();
      } else {
        add(Token.Kind.NAME, name);
      }
    } else if (next == '_') {
      at++;
      add(Token.Kind.NAME, "_");
    } else if (Character.isDigit(next)) {
      add(Token.Kind.NUMBER, take(Character::isDigit));
    } else {
      add(Token.Kind.SIGN, sign());
    }
  }

  private String take(IntPredicate part) {
    int from = at;
    while (at < text.length() && part.test(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  private String sign() {
    for (String sign : SIGNS) {
      if (text.startsWith(sign, at)) {
        at += sign.length();
        return sign;
      }
    }
    throw new CspmException(position(), "unexpected character '" + text.charAt(at) + "'");
  }

  private void include() throws IOException {
    int open = text.indexOf('"', at);
    int close = text.indexOf('"', open + 1);
    if (open < 0 || close < 0 || !text.substring(at, open).isBlank()) {
      throw new CspmException(position(), "expected a file name in quotes after 'include'");
    }
    Source included = source.include(text.substring(open + 1, close));
    if (seen.add(included)) {
      new Lexer(included, tokens, seen).readAll();
    }
    at = close + 1;
    startsLine = true;
  }

  private void add(Token.Kind kind, String word) {
    tokens.add(new Token(kind, word, position(), startsLine, spaced));
    startsLine = false;
    spaced = false;
  }

  private Position position() {
    return new Position(source.name(), line);
  }
}
