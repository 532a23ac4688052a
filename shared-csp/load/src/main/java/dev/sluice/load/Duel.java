package dev.sluice.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Two loads that took turns.
 *
 * @param name of what is measured
 * @param floor what it is measured against
 * @param goal what it should reach of it
 * @param floors a sample a round
 * @param own a sample a round, each taken right after that of the floor
 */
public record Duel(String name, String floor, Goal goal, List<Sample> floors, List<Sample> own) {
  /** Lets both run warm, then measures round by round. */
  public static Duel fight(
      String name, String floor, Goal goal, Load floorLoad, Load ownLoad, Rounds effort)
      throws IOException, InterruptedException {
    System.out.println("  " + name + " beside " + floor);
    for (int i = 0; i < 2; i++) {
      floorLoad.run(effort.warmUpSeconds());
      ownLoad.run(effort.warmUpSeconds());
    }
    var floors = new ArrayList<Sample>();
    var own = new ArrayList<Sample>();
    for (int round = 0; round < effort.rounds(); round++) {
      floors.add(floorLoad.run(effort.seconds()));
      own.add(ownLoad.run(effort.seconds()));
    }
    return new Duel(name, floor, goal, floors, own);
  }

  /** Which part of the floor's requests a second it has reached. */
  public double perSecondRatio() {
    return ratio(Sample::perSecond);
  }

  /** How many times the floor's p99 its own was. */
  public double p99Ratio() {
    return ratio(Sample::p99);
  }

  /** The median of the rounds' ratios: what changes between rounds is in both of a pair. */
  private double ratio(ToDoubleFunction<Sample> figure) {
    return Sample.median(
        IntStream.range(0, own.size())
            .mapToDouble(
                i -> figure.applyAsDouble(own.get(i)) / figure.applyAsDouble(floors.get(i)))
            .toArray());
  }
}
