package dev.sluice.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One process selects over rendezvous channels, each with a process at its other end; a time is
 * that of one select.
 */
@State(Scope.Benchmark)
public class SelectBench {
  private static final int VALUES = 64_000;

  @Param({"sluice", "jox", "kotlin"})
  public String contestant = "";

  @Param({"1", "2", "8"})
  public int channels;

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long receive() throws InterruptedException {
    return receive(VALUES);
  }

  long receive(int values) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Selecting(false, channels, values));
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long mixed() throws InterruptedException {
    return mixed(VALUES);
  }

  long mixed(int values) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Selecting(true, channels, values));
  }
}
