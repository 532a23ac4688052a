package dev.sluice.cookbook;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Lists the recipes, runs one, or runs all and prints a table: {@code cookbook [NUMBER|all]}. */
public final class Cookbook {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private final List<Recipe> recipes;
  private final PrintStream out;
  private final PrintStream err;

  Cookbook(List<Recipe> recipes, PrintStream out, PrintStream err) {
    this.recipes = recipes;
    this.out = out;
    this.err = err;
  }

  /**
   * Ends with 0, with 1 when a recipe failed, or with 2 when there is no such recipe.
   *
   * @throws Exception the one recipe to run failed, so the JVM tells it and ends with 1
   */
  public static void main(String[] args) throws Exception {
    int exit = new Cookbook(Recipes.ALL, System.out, System.err).run(List.of(args));
    System.out.flush();
    if (exit != OK) {
      System.exit(exit);
    }
  }

  int run(List<String> args) throws Exception {
    if (args.isEmpty()) {
      list();
      return OK;
    }
    if (args.equals(List.of("all"))) {
      return all();
    }
    for (Recipe recipe : recipes) {
      if (args.equals(List.of(String.valueOf(recipe.number())))) {
        recipe.program().run(out);
        return OK;
      }
    }
    err.println(
        "no such recipe (1 to " + (recipes.getLast().number() + "): ") + String.join(" ", args));
    return MISUSED;
  }

  private void list() {
    for (Recipe recipe : recipes) {
      out.printf("%2d  %-22s %s%n", recipe.number(), recipe.name(), recipe.shows());
    }
  }

  private int all() {
    out.println(" #  recipe                       time  result");
    long start = System.nanoTime();
    int failed = 0;
    for (Recipe recipe : recipes) {
      failed += row(recipe) ? 0 : 1;
    }
    out.printf("%nIn all: %d recipes, %d failed, %s.%n", recipes.size(), failed, since(start));
    return failed == 0 ? OK : FAILED;
  }

  /** One line of the table, without what the recipe prints; answers whether it did not fail. */
  private boolean row(Recipe recipe) {
    out.printf("%2d  %-22s", recipe.number(), recipe.name()); // seen while it runs
    out.flush();
    long start = System.nanoTime();
    String result = "ok";
    try {
      recipe.program().run(new PrintStream(PrintStream.nullOutputStream()));
    } catch (Throwable failure) { // of every kind: it is the recipe's result
      result = "FAILED: " + failure;
    }
    out.printf(" %10s  %s%n", since(start), result);
    return result.equals("ok");
  }

  private static String since(long start) {
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    return String.format(Locale.ROOT, "%,d ms", millis);
  }
}
