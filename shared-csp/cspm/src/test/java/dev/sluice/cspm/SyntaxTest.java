package dev.sluice.cspm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntaxTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "P = a ->; expected an expression but found the end of the file",
        "P = (a -> STOP; expected ')' but found the end of the file",
        "P = if x then STOP; expected 'else' but found the end of the file",
        "P STOP; expected '=' but found 'STOP'",
        "P = a $ b; unexpected character '$'",
        "P = a ? x STOP; expected '->' but found 'STOP'",
        "P = let x = 1 then x; expected '=' but found 'x'",
        "P = then; expected an expression but found 'then'",
        "P = STOP P = SKIP; P is defined twice: first at s.csp:2",
        "f(x) = x f(x, y) = y; f is defined twice: first at s.csp:2",
        "channel a channel a; a is defined twice",
        "channel a a = STOP; a is defined twice",
        "nametype N = {1} nametype N = {2}; N is defined twice: first at s.csp:2",
        "include b.csp; expected a file name in quotes after 'include'",
        "{- open; a comment begins here that does not end: expected '-}'",
        "assert STOP; expected ':[' or '[T=', '[F=', '[FD=' but found the end of the file",
        "assert STOP :[fair]; expected deadlock free, divergence free, livelock free or"
            + " deterministic but found 'fair'",
        "assert STOP :[deadlock free [R]]; expected T, F or FD but found 'R'",
        "P = 99999999999; 99999999999 is too large: at most 2147483647",
        "P = f(; expected an expression but found the end of the file",
        "datatype D; expected '=' but found the end of the file",
      })
  void whatIsNoCspmIsSaidWithItsPlace(String text, String problem) {
    var exception =
        assertThrows(CspmException.class, () -> Script.of("s.csp", "-- a script\n" + text));
    assertEquals("s.csp:2: " + problem.strip(), exception.getMessage());
  }

  @Test
  void anAssertionIsGivenAsItStandsInTheScript() {
    var script =
        Script.of(
            "s.csp",
            """
            channel a
            P = a -> P

            assert not P \\ {a}   :[ divergence
               free ]
            assert P [T= a -> STOP -- of traces
            """);
    assertEquals(
        List.of("not P \\ {a} :[ divergence free ]", "P [T= a -> STOP"),
        script.assertions().stream().map(Assertion::text).toList());
    assertEquals(
        List.of("s.csp:4", "s.csp:6"), script.assertions().stream().map(Assertion::at).toList());
  }

  @Test
  void includesStandBesideTheFileAndAreReadOnce(@TempDir Path folder) throws Exception {
    Files.createDirectory(folder.resolve("parts"));
    Files.writeString(folder.resolve("base.csp"), "channel a, b\n");
    Files.writeString(folder.resolve("parts/p.csp"), "include \"../base.csp\"\nP = a -> STOP\n");
    Files.writeString(folder.resolve("parts/q.csp"), "include \"../base.csp\"\nQ = b -> STOP\n");
    Path main = folder.resolve("main.csp");
    Files.writeString(
        main, "include \"parts/p.csp\"\ninclude \"parts/q.csp\"\ninclude \"base.csp\"\nR = P [] Q");
    assertEquals(Set.of("a", "b"), Replay.of(Script.load(main), "R").allowed());
  }

  @Test
  void aProblemInAnIncludedFileIsSaidThere(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("part.csp"), "\n\nP = \n");
    Files.writeString(folder.resolve("main.csp"), "include \"part.csp\"\n)");
    var exception =
        assertThrows(CspmException.class, () -> Script.load(folder.resolve("main.csp")));
    assertEquals("main.csp:2: expected an expression but found ')'", exception.getMessage());
  }

  @Test
  void whatIsNotThereIsSaid(@TempDir Path folder) {
    assertThrows(NoSuchFileException.class, () -> Script.load(folder.resolve("no.csp")));
    var missing =
        assertThrows(FileNotFoundException.class, () -> Script.loadResource("dev/sluice/no.csp"));
    assertEquals("no resource dev/sluice/no.csp on the class path", missing.getMessage());
    assertThrows(CspmException.class, () -> Script.of("s.csp", "include \"other.csp\""));
  }

  @Test
  void whatIsTooLargeIsNotDecided() {
    var script =
        Script.of(
            "s.csp",
            """
            channel a
            P(n) = a -> P(n+1)
            Q(n) = Q(n+1)
            assert P(0) :[deadlock free]
            assert not P(0) :[deadlock free]
            assert Q(0) :[deadlock free]
            """);
    List<Verdict> verdicts =
        script.assertions().stream().map(assertion -> script.check(assertion, 100)).toList();
    String tooLarge = "not decided: the process has more than 100 states";
    assertEquals(
        List.of(
            new Verdict("P(0) :[deadlock free]", false, tooLarge, 0),
            new Verdict("not P(0) :[deadlock free]", false, tooLarge, 0),
            new Verdict(
                "Q(0) :[deadlock free]",
                false,
                "not decided: recursion with no event in between, or too deep",
                0)),
        verdicts);
  }
}
