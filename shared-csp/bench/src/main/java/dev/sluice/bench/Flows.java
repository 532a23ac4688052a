package dev.sluice.bench;

/** The two ends of a stream of values. */
final class Flows {
  private Flows() {}

  static long send(Pipe pipe, int values) throws InterruptedException {
    for (int i = 0; i < values; i++) {
      pipe.send(Values.value(i));
    }
    return 0;
  }

  static long receive(Pipe pipe, int values) throws InterruptedException {
    long sum = 0;
    for (int i = 0; i < values; i++) {
      sum += pipe.receive();
    }
    return sum;
  }
}
