package dev.sluice.cspm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {
  private static final String DECLARED =
      """
      channel r : { -9..99}
      channel t
      datatype Tree = leaf | node.{0..3}
      nametype Small = {1..3}
      {- a comment {- within a comment -} that ends here -}
      fac(0) = 1
      fac(k) = k * fac(k-1)
      sum(<>) = 0
      sum(<x>^s) = x + sum(s)
      last(s^<x>) = x
      second((_, y)) = y
      of(node.k) = k
      of(leaf) = -1
      only({}) = 0
      only({k}) = k
      truth(true) = 1
      truth(false) = 0
      """;

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "7 / 2 => 3",
        "-7 / 2 + 4 => 0",
        "7 % 3 => 1",
        "2 + 3 * 4 - 1 => 13",
        "fac(4) => 24",
        "sum(<1,2,3>) => 6",
        "sum(<1..4>) => 10",
        "last(<4,5,6>) => 6",
        "second((3, 4)) => 4",
        "of(node.2) => 2",
        "of(leaf) => -1",
        "only({7}) + only({}) => 7",
        "truth(1 < 2 and not 2 >= 3) => 1",
        "truth(false or 1 == 2 or 3 != 3) => 0",
        "if 3 <= 2 then 1 else 2 => 2",
        "#<1,2> + #(<1>^<2,3>) => 5",
        "head(tail(<1,2,3>)) => 2",
        "card({1,2,2,1}) => 2",
        "card(union({1,2},{2,3})) => 3",
        "card(inter({1,2},{2,3})) => 1",
        "card(diff({1,2},{2,3})) => 1",
        "card(Union({{1,2},{2,3}})) => 3",
        "card(Set({1,2,3})) => 8",
        "card(Tree) => 5",
        "card({ x + y | x <- Small, y <- Small, x < y }) => 3",
        "sum(< x * x | x <- <1..3>, x != 2 >) => 10",
        "sum(concat(<<1,2>,<3>>)) => 6",
        "length(seq(Small)) => 3",
        "card(set(<1,1,2>)) => 2",
        "truth(member(2, Small)) + truth(elem(9, <1>)) => 1",
        "truth(null(<>)) + truth(empty({1})) => 1",
        "let k = 3 f(y) = y + k within f(4) => 7",
        "card({| r |}) - 100 => 9",
        "truth({1,2} == {2,1}) => 1",
        "card(Bool) => 2",
        "truth((node.1) == (node.(2-1))) => 1",
      })
  void anExpressionMeans(String expression, String expected) {
    var script = Script.of("value.csp", DECLARED + "P = r!(" + expression + ") -> STOP");
    assertEquals(Set.of("r." + expected), Replay.of(script, "P").allowed());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "r!(1 + t) -> STOP => expected a number but found t",
        "r.100 -> STOP => r.100 is outside the type of r",
        "r -> STOP => expected an event with 1 fields but found r",
        "r.1.2 -> STOP => expected an event with 1 fields but found r.1.2",
        "r?x?y -> STOP => expected at most 1 fields, as channel r has",
        "unknown -> STOP => unknown is not defined",
        "r!fac(1, 2) -> STOP => fac takes 1 arguments, but is given 2",
        "r!sum({1}) -> STOP => no clause of sum matches [{1}]",
        "r!head(<>) -> STOP => the empty sequence has no head",
        "r!(1 / 0) -> STOP => 1 and 0: / by zero",
        "STOP \\ {r} => expected a set of events but found r in it: perhaps {| r |}",
        "if 1 then STOP else SKIP => expected true or false but found 1",
        "STOP [] 3 => expected a process but found 3",
        "STOP [[ r <- t ]] => expected channels of one type, but r.-9 becomes t.-9",
        "|~| k : {} @ STOP => expected a set that is not empty after |~|",
        "P => P is defined in terms of itself with no event in between",
        "r!card(<1>) -> STOP => expected a set but found <1>",
        "r!card({1},{2}) -> STOP => expected 1 arguments but found 2",
        "r?(x+1) -> STOP => expected a pattern: a name, a number, a tuple, a dotted value, <...>, <...>^s, s^<...>, {} or {x}",
        "r?node -> STOP => node has fields: expected (node.x)",
        "2147483647 + 1 => 2147483647 and 1: integer overflow",
      })
  void whatMeansNothingIsSaidWithItsPlace(String process, String problem) {
    var script = Script.of("wrong.csp", DECLARED + "P = " + process);
    var exception = assertThrows(CspmException.class, () -> Replay.of(script, "P"));
    assertEquals("wrong.csp:18: " + problem, exception.getMessage());
  }
}
