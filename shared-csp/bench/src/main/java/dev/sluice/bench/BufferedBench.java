package dev.sluice.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One sender, one receiver, and a buffer between them; a time is that of one value. */
@State(Scope.Benchmark)
public class BufferedBench {
  private static final int VALUES = 200_000;

  @Param({"sluice", "jox", "kotlin", "ArrayBlockingQueue", "LinkedBlockingQueue", "LockedQueue"})
  public String contestant = "";

  @Param({"1", "16", "256", "4096"})
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
