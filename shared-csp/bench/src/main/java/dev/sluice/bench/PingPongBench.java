package dev.sluice.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Two processes that answer each other over two rendezvous channels; a time is that of one round
 * trip, so of two hand-offs.
 */
@State(Scope.Benchmark)
public class PingPongBench {
  private static final int ROUNDS = 50_000;

  @Param({"ParkFloor", "sluice", "jox", "kotlin", "SynchronousQueue"})
  public String contestant = "";

  @Benchmark
  @OperationsPerInvocation(ROUNDS)
  public long pingPong() throws InterruptedException {
    return pingPong(ROUNDS);
  }

  long pingPong(int rounds) throws InterruptedException {
    return Contestant.named(contestant).runChecked(new Shape.PingPong(rounds));
  }
}
