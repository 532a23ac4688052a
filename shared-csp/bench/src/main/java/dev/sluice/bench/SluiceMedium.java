package dev.sluice.bench;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Select;
import java.util.ArrayList;
import java.util.List;

/** Channels of Sluice; its select is fair and built once. */
record SluiceMedium() implements Medium<SluicePipe> {

  @Override
  public SluicePipe pipe(int capacity) {
    return new SluicePipe(Channel.of(capacity));
  }

  @Override
  public Crew.Body selecting(List<SluicePipe> from, List<SluicePipe> to, int values) {
    return () -> {
      Select select = Select.fair();
      for (SluicePipe each : from) {
        var _ = select.receive(each.channel());
      }
      List<Select.SendCase<Integer>> sends = new ArrayList<>();
      for (SluicePipe each : to) {
        sends.add(select.send(each.channel()).value(Values.value(0)));
      }
      return loop(select, sends, values);
    };
  }

  private static long loop(Select select, List<Select.SendCase<Integer>> sends, int values)
      throws InterruptedException {
    int[] sent = new int[sends.size()];
    long sum = 0;
    for (int i = 0; i < values; i++) {
      Select.Case happened = select.await();
      if (happened instanceof Select.ReceiveCase<?> received) {
        sum += (Integer) received.value();
      } else {
        int k = 0;
        while (sends.get(k) != happened) {
          k++;
        }
        sends.get(k).value(Values.value(++sent[k]));
      }
    }
    return sum;
  }
}
