package dev.sluice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** Runs a recipe's program. */
final class Printed {
  private Printed() {}

  /** Answers the lines that it prints. */
  static List<String> by(Recipe.Program program) throws Exception {
    var printed = new ByteArrayOutputStream();
    program.run(new PrintStream(printed, false, UTF_8));
    return printed.toString(UTF_8).lines().toList();
  }
}
