package dev.sluice.bench;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.Select;
import com.softwaremill.jox.SelectClause;
import java.util.List;

/** Channels of Jox; its select takes the first ready clause, and clauses are used again. */
record JoxMedium() implements Medium<JoxPipe> {

  @Override
  public JoxPipe pipe(int capacity) {
    return new JoxPipe(
        capacity == 0 ? Channel.newRendezvousChannel() : Channel.newBufferedChannel(capacity));
  }

  @Override
  public Crew.Body selecting(List<JoxPipe> from, List<JoxPipe> to, int values) {
    return () -> {
      @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
      SelectClause<Integer>[] clauses = new SelectClause[to.size() + from.size()];
      for (int k = 0; k < to.size(); k++) {
        clauses[k] = sendClause(to.get(k), k, 0);
      }
      for (int k = 0; k < from.size(); k++) {
        clauses[to.size() + k] = from.get(k).receiveClause();
      }
      int[] sent = new int[to.size()];
      long sum = 0;
      for (int i = 0; i < values; i++) {
        int answer = Select.select(clauses);
        if (answer >= 0) {
          sum += answer;
        } else {
          int k = -1 - answer;
          clauses[k] = sendClause(to.get(k), k, ++sent[k]);
        }
      }
      return sum;
    };
  }

  /** When it happens, it answers -1 - k. */
  private static SelectClause<Integer> sendClause(JoxPipe to, int k, int sent) {
    return to.channel().sendClause(Values.value(sent), () -> -1 - k);
  }
}
