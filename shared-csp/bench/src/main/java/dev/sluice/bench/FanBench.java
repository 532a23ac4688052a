package dev.sluice.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Several senders, several receivers, a buffer of 16; a time is that of one value. */
@State(Scope.Benchmark)
public class FanBench {
  private static final int VALUES = 64 * 2_000;
  private static final int CAPACITY = 16;

  @Param({"sluice", "jox", "kotlin", "ArrayBlockingQueue", "LinkedBlockingQueue", "LockedQueue"})
  public String contestant = "";

  @Param({"2", "8", "64"})
  public int n;

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long manyToOne() throws InterruptedException {
    return manyToOne(VALUES);
  }

  long manyToOne(int values) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Flow(CAPACITY, n, 1, values));
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long oneToMany() throws InterruptedException {
    return oneToMany(VALUES);
  }

  long oneToMany(int values) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Flow(CAPACITY, 1, n, values));
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long manyToMany() throws InterruptedException {
    return manyToMany(VALUES);
  }

  long manyToMany(int values) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Flow(CAPACITY, n, n, values));
  }
}
