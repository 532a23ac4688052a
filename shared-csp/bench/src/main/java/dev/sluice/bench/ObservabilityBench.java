package dev.sluice.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs that processes and channels have names and can be listed, while nobody asks: one
 * sender and one receiver, bare or in a scope; a time is that of one value.
 */
@State(Scope.Benchmark)
public class ObservabilityBench {
  private static final int VALUES = 100_000;

  @Param({"sluice", "sluice-in-scope"})
  public String contestant = "";

  @Param({"0", "16"})
  public int capacity;

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long oneToOne() throws InterruptedException {
    return oneToOne(VALUES);
  }

  long oneToOne(int values) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Flow(capacity, 1, 1, values));
  }
}
