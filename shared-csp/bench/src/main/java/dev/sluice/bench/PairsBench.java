package dev.sluice.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Very many independent pairs at once, each on a rendezvous channel; a time is that of one value,
 * and starting the processes is part of it.
 */
@State(Scope.Benchmark)
public class PairsBench {
  private static final int PAIRS = 10_000;
  private static final int VALUES_EACH = 20;

  @Param({"ParkFloor", "sluice", "jox", "kotlin", "SynchronousQueue"})
  public String contestant = "";

  @Benchmark
  @OperationsPerInvocation(PAIRS * VALUES_EACH)
  public long pairs() throws InterruptedException {
    return pairs(PAIRS);
  }

  long pairs(int pairs) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Pairs(pairs, VALUES_EACH));
  }
}
