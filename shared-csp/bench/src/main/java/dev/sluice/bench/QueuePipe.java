package dev.sluice.bench;

import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** A queue of the JDK. */
record QueuePipe(BlockingQueue<Integer> channel) implements Pipe {

  @Override
  public void send(Integer value) throws InterruptedException {
    channel.put(value);
  }

  @Override
  public Integer receive() throws InterruptedException {
    return channel.take();
  }

  @Override
  public boolean trySend(Integer value) {
    return channel.offer(value);
  }

  @Override
  public @Nullable Integer tryReceive() {
    return channel.poll();
  }
}
