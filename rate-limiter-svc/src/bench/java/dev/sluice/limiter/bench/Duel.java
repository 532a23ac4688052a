package dev.sluice.limiter.bench;

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
 * @param mostP99 how many times the floor's p99 its own may be; {@link #NO_GOAL}: there are no
 *     goals
 * @param floors a sample a round
 * @param own a sample a round, each taken right after that of the floor
 */
record Duel(String name, String floor, double mostP99, List<Sample> floors, List<Sample> own) {
  static final double NO_GOAL = 0;

  /** The least part of the floor's requests a second that is the goal. */
  static final double LEAST_PER_SECOND = 0.9;

  /** Lets both run warm, then measures round by round. */
  static Duel fight(
      String name, String floor, double mostP99, Load floorLoad, Load ownLoad, Effort effort)
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
    return new Duel(name, floor, mostP99, floors, own);
  }

  double perSecondRatio() {
    return ratio(Sample::perSecond);
  }

  double p99Ratio() {
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
