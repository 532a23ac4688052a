package dev.sluice.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Several senders, several receivers, no buffer; a time is that of one value. */
@State(Scope.Benchmark)
public class RendezvousFanBench {
  private static final int VALUES = 64 * 1_000;

  @Param({"sluice", "jox", "kotlin", "SynchronousQueue"})
  public String contestant = "";

  @Param({"8"})
  public int n;

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long manyToOne() throws InterruptedException {
    return manyToOne(VALUES);
  }

  long manyToOne(int values) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Flow(0, n, 1, values));
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long oneToMany() throws InterruptedException {
    return oneToMany(VALUES);
  }

  long oneToMany(int values) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Flow(0, 1, n, values));
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long manyToMany() throws InterruptedException {
    return manyToMany(VALUES);
  }

  long manyToMany(int values) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Flow(0, n, n, values));
  }
}
