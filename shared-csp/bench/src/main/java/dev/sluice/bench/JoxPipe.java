package dev.sluice.bench;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.Select;
import com.softwaremill.jox.SelectClause;
import org.jspecify.annotations.Nullable;

/** A channel of Jox. It has no try of its own: as its users do, selects with a default clause. */
record JoxPipe(Channel<Integer> channel, SelectClause<Integer> receiveClause) implements Pipe {
  /** What a default clause answers; not among the values. */
  private static final Integer NONE = -1;

  private static final SelectClause<Integer> DEFAULT = Select.defaultClause(NONE);

  JoxPipe(Channel<Integer> channel) {
    this(channel, channel.receiveClause());
  }

  @Override
  public void send(Integer value) throws InterruptedException {
    channel.send(value);
  }

  @Override
  public Integer receive() throws InterruptedException {
    return channel.receive();
  }

  @Override
  public boolean trySend(Integer value) throws InterruptedException {
    return !NONE.equals(Select.select(channel.sendClause(value, () -> value), DEFAULT));
  }

  @Override
  public @Nullable Integer tryReceive() throws InterruptedException {
    Integer received = Select.select(receiveClause, DEFAULT);
    return NONE.equals(received) ? null : received;
  }
}
