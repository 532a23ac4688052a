package dev.sluice.service.json;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails, instead of going on, once it has given more bytes than the limit. */
final class LimitedInput extends FilterInputStream {
  private final long limit;
  private long count;

  LimitedInput(InputStream from, long limit) {
    super(from);
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    var read = super.read();
    if (read >= 0) {
      counted(1);
    }
    return read;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    var read = super.read(to, offset, length);
    if (read > 0) {
      counted(read);
    }
    return read;
  }

  /** The stream belongs to the request, which may still want to be read to its end. */
  @Override
  public void close() {}

  /** Reads all there is. What has come already, as most bodies have, is not copied twice. */
  byte[] readToEnd() throws IOException {
    var first = readNBytes(available());
    var next = read();
    if (next < 0) {
      return first;
    }
    var all = new ByteArrayOutputStream(2 * first.length + 1024);
    all.write(first);
    all.write(next);
    transferTo(all);
    return all.toByteArray();
  }

  /**
   * Reads on for at most so many bytes, without giving them to anyone.
   *
   * @return whether the stream has come to its end
   */
  boolean forget(long bytes) throws IOException {
    var scratch = new byte[8192];
    for (var forgotten = 0L; forgotten < bytes; ) {
      var read = in.read(scratch);
      if (read < 0) {
        return true;
      }
      forgotten += read;
    }
    return false;
  }

  private void counted(int bytes) throws TooLarge {
    count += bytes;
    if (count > limit) {
      throw new TooLarge();
    }
  }

  /**
   * There is more than the limit. An {@code IOException}, since Jackson lets those through as they
   * are.
   */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge() {}
  }
}
