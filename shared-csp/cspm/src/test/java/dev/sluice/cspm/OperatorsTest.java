package dev.sluice.cspm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of each operator, in both directions where they are equalities. */
class OperatorsTest {
  private static final String DECLARED =
      """
      datatype Colour = red | green | mix.{0..1}
      channel a, b, c, d
      channel n : {0..3}
      channel m : {0..2}.{0..2}
      channel x : Colour
      AB = a -> b -> STOP
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        // prefix, fields
        "assert n?i -> STOP [FD= [] i : {0..3} @ n.i -> STOP",
        "assert n?i:{1,2} -> STOP [FD= (n.1 -> STOP [] n!2 -> STOP)",
        "assert m?i!1 -> STOP [FD= m.0.1 -> STOP [] m.1.1 -> STOP [] m.2.1 -> STOP",
        "assert m?i?j -> n.i -> STOP [FD= [] i : {0..2} @ m.i?j -> n.i -> STOP",
        "assert m.1?j -> STOP [T= m?i.1 -> STOP [| {| m |} |] m.1?j -> STOP",
        "assert x?q -> STOP [FD= x.red -> STOP [] x.green -> STOP [] x?(mix.i) -> STOP",
        "assert x.mix.0 -> STOP [FD= x?(mix.i):{mix.0} -> STOP",
        "assert m?p -> STOP [FD= RUN({| m |}) [| {| m |} |] (m?i?j -> STOP)",
        // choice
        "assert a -> STOP [] b -> STOP [FD= b -> STOP [] a -> STOP",
        "assert a -> STOP |~| b -> STOP [FD= a -> STOP [] b -> STOP",
        "assert not a -> STOP [] b -> STOP [F= a -> STOP |~| b -> STOP",
        "assert a -> STOP [] b -> STOP [T= a -> STOP |~| b -> STOP",
        "assert not (a -> b -> STOP [] a -> c -> STOP) :[deterministic [FD]]",
        "assert (a -> b -> STOP [] c -> a -> STOP) :[deterministic]",
        "assert STOP [] AB [FD= AB",
        "assert a -> STOP [> b -> STOP [FD= (a -> STOP [] b -> STOP) |~| b -> STOP",
        "assert |~| i : {0..3} @ n.i -> STOP [F= n.2 -> STOP",
        "assert not (|~| i : {0..3} @ n.i -> STOP) [F= STOP",
        // sequence, interrupt
        "assert a -> SKIP; b -> STOP [FD= AB",
        "assert ; i : <0,1,2> @ n.i -> SKIP [FD= n.0 -> n.1 -> n.2 -> SKIP",
        "assert SKIP; AB [FD= AB",
        "assert a -> STOP /\\ b -> STOP [FD= a -> b -> STOP [] b -> STOP",
        // parallel
        "assert AB ||| STOP [T= AB",
        "assert (a -> STOP) ||| (b -> STOP) [FD= a -> b -> STOP [] b -> a -> STOP",
        "assert AB [FD= AB [| {a, b} |] AB",
        "assert AB [| {b} |] (c -> b -> STOP) [FD= a -> c -> b -> STOP [] c -> a -> b -> STOP",
        "assert AB [ {a, b} || {b, c} ] (b -> c -> STOP) [FD= a -> b -> c -> STOP",
        "assert a -> STOP [FD= AB [ {a} || {} ] STOP",
        "assert || i : {0..2} @ [ {n.i, n.(i+1)} ] (n.i -> n.(i+1) -> STOP) [FD="
            + " n.0 -> n.1 -> n.2 -> n.3 -> STOP",
        "assert [| {a} |] i : {0..1} @ (a -> n.i -> STOP) [FD="
            + " a -> ((n.0 -> STOP) ||| (n.1 -> STOP))",
        "assert ||| i : {} @ n.i -> STOP [FD= SKIP",
        "assert (a -> SKIP ||| b -> SKIP); c -> STOP [T= a -> b -> c -> STOP",
        "assert not (a -> SKIP ||| b -> SKIP); c -> STOP [T= a -> c -> STOP",
        // hiding, renaming
        "assert b -> STOP [FD= AB \\ {a}",
        "assert not (let P = a -> P within P \\ {a}) :[divergence free]",
        "assert (let P = a -> P within P \\ {a}) :[deadlock free [F]]",
        "assert not (let P = a -> P within P \\ {a}) :[deadlock free [FD]]",
        "assert c -> b -> STOP [FD= AB [[ a <- c ]]",
        "assert c -> b -> STOP [] d -> b -> STOP [FD= AB [[ a <- c, a <- d ]]",
        "assert n.1 -> n.2 -> STOP [FD= (n.0 -> n.1 -> STOP)[[ n.i <- n.(i+1) | i <- {0..2} ]]",
        // the rest
        "assert CHAOS({a, b}) [F= AB",
        "assert not RUN({a, b}) [F= AB",
        "assert RUN({a, b}) [T= AB",
        "assert not STOP :[deadlock free]",
        "assert SKIP :[deadlock free]",
        "assert DIV [FD= AB",
        "assert not AB [FD= DIV",
        "assert RUN(Events) [T= AB",
        "assert RUN(Events) :[livelock free]",
      })
  void holds(String assertion) {
    var verdict = Script.of("law.csp", DECLARED + assertion).check().getFirst();
    assertEquals(
        new Verdict(assertion.substring("assert ".length()), true, "", verdict.states()), verdict);
  }
}
