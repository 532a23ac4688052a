package dev.sluice.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One thread sends to a buffered channel and takes the value out again, never waiting; a time is
 * that of both.
 */
@State(Scope.Benchmark)
public class TryBench {
  private static final int TIMES = 500_000;
  private static final int CAPACITY = 16;

  @Param({"sluice", "jox", "kotlin", "ArrayBlockingQueue", "LinkedBlockingQueue", "LockedQueue"})
  public String contestant = "";

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public long trySendTryReceive() throws InterruptedException {
    return trySendTryReceive(TIMES);
  }

  long trySendTryReceive(int times) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.Trying(CAPACITY, times));
  }
}
