package dev.sluice.bench;

import java.util.ArrayList;
import java.util.List;

/** The shapes on virtual threads: the same code for every kind of channel. */
record VirtualThreads<P extends Pipe>(Medium<P> medium) implements Contestant {

  @Override
  public long run(Shape shape) throws InterruptedException {
    return switch (shape) {
      case Shape.Flow flow -> flow(flow);
      case Shape.Pairs pairs -> pairs(pairs);
      case Shape.Chain chain -> chain(chain);
      case Shape.PingPong pingPong -> pingPong(pingPong.rounds());
      case Shape.Selecting selecting -> select(selecting);
      case Shape.Trying trying -> tryBoth(trying);
    };
  }

  private long flow(Shape.Flow flow) throws InterruptedException {
    Crew crew = new Crew();
    P pipe = medium.pipe(flow.capacity());
    for (int i = 0; i < flow.receivers(); i++) {
      crew.start(() -> Flows.receive(pipe, flow.values() / flow.receivers()));
    }
    for (int i = 0; i < flow.senders(); i++) {
      crew.start(() -> Flows.send(pipe, flow.values() / flow.senders()));
    }
    return crew.join();
  }

  private long pairs(Shape.Pairs pairs) throws InterruptedException {
    Crew crew = new Crew();
    for (int i = 0; i < pairs.pairs(); i++) {
      P pipe = medium.pipe(0);
      crew.start(() -> Flows.receive(pipe, pairs.valuesEach()));
      crew.start(() -> Flows.send(pipe, pairs.valuesEach()));
    }
    return crew.join();
  }

  private long chain(Shape.Chain chain) throws InterruptedException {
    Crew crew = new Crew();
    P first = medium.pipe(0);
    P from = first;
    for (int i = 0; i < chain.stages(); i++) {
      P in = from;
      P out = medium.pipe(0);
      crew.start(() -> pass(in, out, chain.values()));
      from = out;
    }
    P last = from;
    crew.start(() -> Flows.receive(last, chain.values()));
    crew.start(() -> Flows.send(first, chain.values()));
    return crew.join();
  }

  private long pingPong(int rounds) throws InterruptedException {
    Crew crew = new Crew();
    P ping = medium.pipe(0);
    P pong = medium.pipe(0);
    crew.start(() -> {
      long sum = 0;
      for (int i = 0; i < rounds; i++) {
        Integer value = ping.receive();
        sum += value;
        pong.send(value);
      }
      return sum;
    });
    crew.start(() -> {
      long sum = 0;
      for (int i = 0; i < rounds; i++) {
        ping.send(Values.value(i));
        sum += pong.receive();
      }
      return sum;
    });
    return crew.join();
  }

  private long select(Shape.Selecting shape) throws InterruptedException {
    Crew crew = new Crew();
    int each = shape.values() / shape.channels();
    List<P> from = new ArrayList<>();
    List<P> to = new ArrayList<>();
    for (int i = 0; i < shape.channels(); i++) {
      P pipe = medium.pipe(0);
      if (shape.sends(i)) {
        to.add(pipe);
        crew.start(() -> Flows.receive(pipe, each));
      } else {
        from.add(pipe);
        crew.start(() -> Flows.send(pipe, each));
      }
    }
    crew.start(medium.selecting(from, to, shape.values()));
    return crew.join();
  }

  /** On the calling thread: nothing waits here. */
  private long tryBoth(Shape.Trying trying) throws InterruptedException {
    P pipe = medium.pipe(trying.capacity());
    long sum = 0;
    for (int i = 0; i < trying.times(); i++) {
      boolean sent = pipe.trySend(Values.value(i));
      Integer received = pipe.tryReceive();
      if (!sent || received == null) {
        throw new IllegalStateException("a try failed for no reason");
      }
      sum += received;
    }
    return sum;
  }

  private static long pass(Pipe in, Pipe out, int values) throws InterruptedException {
    for (int i = 0; i < values; i++) {
      out.send(in.receive());
    }
    return 0;
  }
}
