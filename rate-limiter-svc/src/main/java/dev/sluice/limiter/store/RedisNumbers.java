package dev.sluice.limiter.store;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an answer that is an array of numbers. A text in it becomes the number of its bytes, and
 * each byte a number.
 */
final class RedisNumbers extends CommandOutput<String, String, List<Long>> {
  RedisNumbers() {
    super(StringCodec.UTF8, new ArrayList<>());
  }

  @Override
  public void set(long number) {
    output.add(number);
  }

  @Override
  public void set(ByteBuffer bytes) {
    output.add((long) bytes.remaining());
    while (bytes.hasRemaining()) {
      output.add((long) bytes.get());
    }
  }
}
