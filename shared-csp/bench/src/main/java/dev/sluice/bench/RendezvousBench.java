package dev.sluice.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One sender, one receiver, no buffer; a time is that of one value. */
@State(Scope.Benchmark)
public class RendezvousBench {
  private static final int VALUES = 100_000;

  @Param({"ParkFloor", "sluice", "jox", "kotlin", "SynchronousQueue"})
  public String contestant = "";

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long oneToOne() throws InterruptedException {
    return oneToOne(VALUES);
  }

  long oneToOne(int values) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Flow(0, 1, 1, values));
  }
}
