package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpinTest {
  @Test
  void whoIsFoundIsLookedForAgainAndLonger() {
    assertTrue(Spin.looks(Spin.found()) >= Spin.looks(Spin.INITIAL));
    assertTrue(Spin.looks(Spin.INITIAL) > 0);
  }

  @Test
  void whoIsNeverFoundIsHardlyLookedFor() {
    int waits = 100_000;
    int budget = Spin.found();
    int looks = 0;
    int waitsWithLooks = 0;
    for (int wait = 0; wait < waits; wait++) {
      looks += Spin.looks(budget);
      waitsWithLooks += Spin.looks(budget) > 0 ? 1 : 0;
      budget = Spin.notFound(budget);
    }
    assertTrue(looks < waits, looks + " looks in " + waits + " waits");
    assertTrue(waitsWithLooks > waits / 1_000, "hardly, but still: " + waitsWithLooks);
  }

  @Test
  void oneThatIsFoundByAProbeIsLookedForFromThenOn() {
    int budget = Spin.INITIAL;
    while (budget != 0) { // the probe
      budget = Spin.notFound(budget);
    }
    assertTrue(Spin.looks(budget) > 0);
    assertEquals(-1, Integer.signum(Spin.notFound(budget)), "and if not, not again so soon");
  }

  @Test
  void whoWasFoundIsNotGivenUpForOneThatWasNot() {
    assertTrue(Spin.looks(Spin.notFound(Spin.found())) > 0);
  }
}
