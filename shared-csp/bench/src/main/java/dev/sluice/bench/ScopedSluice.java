package dev.sluice.bench;

import dev.sluice.csp.Scope;
import java.util.concurrent.atomic.LongAdder;

/** Sluice as its users write it: processes of a scope, named channels. Runs flows only. */
record ScopedSluice() implements Contestant {

  @Override
  public long run(Shape shape) throws InterruptedException {
    if (!(shape instanceof Shape.Flow flow)) {
      throw new IllegalArgumentException("runs flows only, not " + shape);
    }
    LongAdder sum = new LongAdder();
    try (var scope = Scope.open("bench")) {
      var pipe = new SluicePipe(scope.channel("values", flow.capacity()));
      for (int i = 0; i < flow.receivers(); i++) {
        scope.start(
            "receiver", () -> sum.add(Flows.receive(pipe, flow.values() / flow.receivers())));
      }
      for (int i = 0; i < flow.senders(); i++) {
        scope.start("sender", () -> Flows.send(pipe, flow.values() / flow.senders()));
      }
      scope.join();
    }
    return sum.sum();
  }
}
