package dev.sluice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
class CookbookTest {
  private static final List<Recipe> TWO =
      List.of(
          new Recipe(1, "good", "goes well", out -> out.println("all is well")),
          new Recipe(
              2,
              "bad",
              "fails",
              _ -> {
                throw new IllegalStateException("burnt");
              }));

  @SuppressWarnings("UnusedVariable") // by @FieldSource
  private static final List<Recipe> ALL = Recipes.ALL;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @Test
  void listsTheRecipes() throws Exception {
    assertEquals(0, run(TWO));
    assertLinesMatch(List.of(" 1  good +goes well", " 2  bad +fails"), printed());
    assertEquals(List.of(), complaints());
  }

  @Test
  void runsOne() throws Exception {
    assertEquals(0, run(TWO, "1"));
    assertEquals(List.of("all is well"), printed());
    assertEquals(List.of(), complaints());
  }

  @Test
  void aRecipeThatFailsThrowsItsFailure() {
    var failure = assertThrows(IllegalStateException.class, () -> run(TWO, "2"));
    assertEquals("burnt", failure.getMessage());
    assertEquals(List.of(), printed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3", "-1", "01", "good", "ALL", ""})
  void whatIsNoRecipeIsMisuse(String argument) throws Exception {
    assertEquals(2, run(TWO, argument));
    assertEquals(List.of(), printed());
    assertEquals(List.of("no such recipe (1 to 2): " + argument), complaints());
  }

  @Test
  void oneRecipeAtATime() throws Exception {
    assertEquals(2, run(TWO, "1", "2"));
    assertEquals(List.of("no such recipe (1 to 2): 1 2"), complaints());
  }

  @Test
  void allIsATableOfResultsAndFailsWhenOneDoes() throws Exception {
    assertEquals(1, run(TWO, "all"));
    assertLinesMatch(
        List.of(
            " #  recipe +time  result",
            " 1  good +[0-9,]+ ms  ok",
            " 2  bad +[0-9,]+ ms  FAILED: java.lang.IllegalStateException: burnt",
            "",
            "In all: 2 recipes, 1 failed, [0-9,]+ ms."),
        printed());
  }

  @Test
  void allEndsWithZeroWhenNoneFails() throws Exception {
    assertEquals(0, run(TWO.subList(0, 1), "all"));
    assertTrue(printed().getLast().startsWith("In all: 1 recipes, 0 failed, "));
  }

  @Test
  void theBookIsInOrder() {
    var numbers = Recipes.ALL.stream().map(Recipe::number).toList();
    assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
    assertEquals(
        numbers.size(), Recipes.ALL.stream().map(Recipe::name).distinct().count(), "names");
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void hasItsPlaceInTheReadme(Recipe recipe) throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    assertTrue(readme.contains("\n### " + recipe.number() + ". "), recipe.toString());
  }

  @Test
  void theReadmesLinksLeadSomewhere() throws IOException {
    var links =
        Pattern.compile("]\\(([^)#]+)[^)]*\\)").matcher(Files.readString(Path.of("README.md")));
    var broken =
        links
            .results()
            .map(link -> Path.of(link.group(1)))
            .filter(Predicate.not(Files::exists))
            .toList();
    assertEquals(List.of(), broken);
  }

  @Timeout(300)
  @ParameterizedTest
  @FieldSource("ALL")
  void runsToItsEndAndSaysSomething(Recipe recipe) throws Exception {
    recipe.program().run(new PrintStream(printed, true, UTF_8));
    assertFalse(printed().isEmpty());
  }

  private int run(List<Recipe> recipes, String... args) throws Exception {
    var out = new PrintStream(printed, true, UTF_8);
    var err = new PrintStream(complained, true, UTF_8);
    return new Cookbook(recipes, out, err).run(List.of(args));
  }

  private List<String> printed() {
    return printed.toString(UTF_8).lines().toList();
  }

  private List<String> complaints() {
    return complained.toString(UTF_8).lines().toList();
  }
}
