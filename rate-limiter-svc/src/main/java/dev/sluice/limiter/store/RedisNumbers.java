package dev.sluice.limiter.store;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import java.util.ArrayList;
import java.util.List;

/** Reads an answer that is an array of numbers. */
final class RedisNumbers extends CommandOutput<String, String, List<Long>> {
  RedisNumbers() {
    super(StringCodec.UTF8, new ArrayList<>());
  }

  @Override
  public void set(long number) {
    output.add(number);
  }
}
