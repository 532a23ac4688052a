package dev.sluice.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A very long row of processes that hand values on over rendezvous channels; a time is that of one
 * value through one process, and starting the processes is part of it.
 */
@State(Scope.Benchmark)
public class ChainBench {
  private static final int STAGES = 10_000;
  private static final int VALUES = 20;

  @Param({"ParkFloor", "sluice", "jox", "kotlin", "SynchronousQueue"})
  public String contestant = "";

  @Benchmark
  @OperationsPerInvocation(STAGES * VALUES)
  public long chain() throws InterruptedException {
    return chain(STAGES);
  }

  long chain(int stages) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Chain(stages, VALUES));
  }
}
