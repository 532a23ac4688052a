package dev.sluice.store.redis;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Reads an answer as it comes in. */
final class RedisAnswerOutput extends CommandOutput<String, String, RedisAnswer> {
  RedisAnswerOutput() {
    super(StringCodec.UTF8, new RedisAnswer(new ArrayList<>()));
  }

  @Override
  public void set(long number) {
    output.parts().add(number);
  }

  /** Nil is an empty text. */
  @Override
  public void set(@Nullable ByteBuffer bytes) {
    byte[] text = new byte[bytes == null ? 0 : bytes.remaining()];
    if (bytes != null) {
      bytes.get(text);
    }
    output.parts().add(text);
  }
}
