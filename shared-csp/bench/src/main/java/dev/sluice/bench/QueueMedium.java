package dev.sluice.bench;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;

/** The queues of the JDK that bound what they hold, by class name, as anyone makes them: unfair. */
record QueueMedium(String queue) implements Medium<QueuePipe> {

  @Override
  public QueuePipe pipe(int capacity) {
    if ((capacity == 0) != queue.equals("SynchronousQueue")) {
      throw new IllegalArgumentException(queue + " cannot have capacity " + capacity);
    }
    return new QueuePipe(
        switch (queue) {
          case "SynchronousQueue" -> new SynchronousQueue<>();
          case "ArrayBlockingQueue" -> new ArrayBlockingQueue<>(capacity);
          case "LinkedBlockingQueue" -> new LinkedBlockingQueue<>(capacity);
          default -> throw new IllegalArgumentException("there is no queue " + queue);
        });
  }
}
