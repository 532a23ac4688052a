package dev.sluice.cspm;

import java.io.IOException;
import java.nio.file.Path;

/** Decides the assertions of scripts: {@code java dev.sluice.cspm.Check FILE.csp ...}. */
public final class Check {
  private static final int ALL_HOLD = 0;
  private static final int SOME_DO_NOT = 1;
  private static final int NOT_READABLE = 2;

  private Check() {}

  /**
   * Prints the verdict of every assertion of every file, and ends this JVM: with 0 when all hold, 1
   * when some do not, 2 when a file cannot be read or understood, or none is named.
   *
   * @param files paths of scripts
   */
  public static void main(String[] files) {
    if (files.length == 0) {
      System.err.println("usage: java dev.sluice.cspm.Check FILE.csp ...");
      System.exit(NOT_READABLE);
    }
    int status = ALL_HOLD;
    for (String file : files) {
      status = Math.max(status, check(file));
    }
    System.exit(status);
  }

  private static int check(String file) {
    System.out.println(file);
    int status = ALL_HOLD;
    try {
      var script = Script.load(Path.of(file));
      for (Assertion assertion : script.assertions()) {
        Verdict verdict = script.check(assertion);
        System.out.println("  " + verdict);
        status = verdict.holds() ? status : SOME_DO_NOT;
      }
      return status;
    } catch (CspmException | IOException notReadable) {
      System.out.println("  ERROR " + notReadable.getMessage());
      return NOT_READABLE;
    }
  }
}
