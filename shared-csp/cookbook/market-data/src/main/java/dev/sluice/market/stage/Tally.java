package dev.sluice.market.stage;

import dev.sluice.market.model.Count;
import dev.sluice.market.model.Loss;
import java.util.EnumMap;
import java.util.Map;

/** What a process has done with the ticks of each source. */
@SuppressWarnings("EnumOrdinal") // a count for each tick: an array is quicker than a map
final class Tally {
  private static final Loss[] LOSSES = Loss.values();

  private final long[] in;
  private final long[] out;
  private final long[][] lost;

  Tally(int sources) {
    in = new long[sources];
    out = new long[sources];
    lost = new long[sources][LOSSES.length];
  }

  void in(int source) {
    in[source]++;
  }

  void out(int source) {
    out[source]++;
  }

  void lost(int source, Loss loss) {
    lost[source][loss.ordinal()]++;
  }

  /** Of one source, when nothing of it is held. */
  Count of(int source) {
    return new Count(in[source], out[source], losses(lost[source]), 0);
  }

  /** Of all sources. */
  Count total(long held) {
    long allIn = 0;
    long allOut = 0;
    var allLost = new long[LOSSES.length];
    for (int source = 0; source < in.length; source++) {
      allIn += in[source];
      allOut += out[source];
      for (int i = 0; i < allLost.length; i++) {
        allLost[i] += lost[source][i];
      }
    }
    return new Count(allIn, allOut, losses(allLost), held);
  }

  private static Map<Loss, Long> losses(long[] many) {
    var losses = new EnumMap<Loss, Long>(Loss.class);
    for (Loss loss : LOSSES) {
      if (many[loss.ordinal()] > 0) {
        losses.put(loss, many[loss.ordinal()]);
      }
    }
    return losses;
  }
}
