package dev.sluice.bench;

import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** A queue of the JDK. */
record QueuePipe(BlockingQueue<Integer> queue) implements Pipe {

  @Override
  public void send(Integer value) throws InterruptedException {
    queue.put(value);
  }

  @Override
  public Integer receive() throws InterruptedException {
    return queue.take();
  }

  @Override
  public boolean trySend(Integer value) {
    return queue.offer(value);
  }

  @Override
  public @Nullable Integer tryReceive() {
    return queue.poll();
  }
}
