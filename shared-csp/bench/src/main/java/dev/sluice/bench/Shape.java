package dev.sluice.bench;

/** Which processes there are, how channels join them, and how many values go through. */
sealed interface Shape {

  /** What the received values must sum up to; a value lost or doubled changes it. */
  long sum();

  /**
   * Senders and receivers of one channel. Each of {@code senders} sends, and each of {@code
   * receivers} receives, an equal part of {@code values}.
   */
  record Flow(int capacity, int senders, int receivers, int values) implements Shape {
    public Flow {
      if (values % senders != 0 || values % receivers != 0) {
        throw new IllegalArgumentException(
            values + " values do not divide among " + senders + ":" + receivers);
      }
    }

    @Override
    public long sum() {
      return senders * Values.sum(values / senders);
    }
  }

  /** So many pairs of a sender and a receiver, each on a rendezvous channel of its own. */
  record Pairs(int pairs, int valuesEach) implements Shape {
    @Override
    public long sum() {
      return pairs * Values.sum(valuesEach);
    }
  }

  /** A row of processes on rendezvous channels, each receiving and sending on. */
  record Chain(int stages, int values) implements Shape {
    @Override
    public long sum() {
      return Values.sum(values);
    }
  }

  /** Two processes send a value to and fro over two rendezvous channels. */
  record PingPong(int rounds) implements Shape {
    @Override
    public long sum() {
      return 2 * Values.sum(rounds);
    }
  }

  /**
   * One process selects over rendezvous channels, each of which has a process of its own at the
   * other end.
   *
   * @param mixed whether the first, third, ... case sends; otherwise all receive
   */
  record Selecting(boolean mixed, int channels, int values) implements Shape {
    public Selecting {
      if (values % channels != 0) {
        throw new IllegalArgumentException(
            values + " values do not divide among " + channels + " channels");
      }
    }

    boolean sends(int channel) {
      return mixed && channel % 2 == 0;
    }

    @Override
    public long sum() {
      return channels * Values.sum(values / channels);
    }
  }

  /** One process sends to a buffered channel and receives from it, without waiting. */
  record Trying(int capacity, int times) implements Shape {
    @Override
    public long sum() {
      return Values.sum(times);
    }
  }
}
