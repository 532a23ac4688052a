package dev.sluice.market.model;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a stage has done, at one instant of its own. {@code in = out + lost + held}, always; {@link
 * #isBalanced} says whether.
 *
 * @param in what it has taken
 * @param out what it has sent on
 * @param lost what it has not sent on and never will, by the reason
 * @param held what it has at this instant
 */
public record Count(long in, long out, Map<Loss, Long> lost, long held) {
  /** Nothing yet. */
  public static final Count NONE = new Count(0, 0, Map.of(), 0);

  /** Keeps a copy. */
  public Count {
    lost = Map.copyOf(lost);
  }

  /** {@return the sum of what was lost} */
  public long allLost() {
    return lost.values().stream().mapToLong(Long::longValue).sum();
  }

  /** {@return how many were lost for a reason} */
  public long lost(Loss loss) {
    return lost.getOrDefault(loss, 0L);
  }

  /** {@return whether each that came in is accounted for} */
  public boolean isBalanced() {
    return in == out + allLost() + held;
  }

  /** {@return both together} */
  public Count plus(Count other) {
    var sum = new EnumMap<Loss, Long>(Loss.class);
    sum.putAll(lost);
    other.lost.forEach((loss, many) -> sum.merge(loss, many, Long::sum));
    return new Count(in + other.in, out + other.out, sum, held + other.held);
  }
}
