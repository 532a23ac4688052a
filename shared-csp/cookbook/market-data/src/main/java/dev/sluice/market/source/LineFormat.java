package dev.sluice.market.source;

import dev.sluice.market.model.Tick;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The formats in which a source may send, and how a line of each is written. */
public enum LineFormat {
  /** {@code SYMBOL,PRICE,SIZE,TIME}. */
  CSV("", ",", ",", ",", ""),
  /** {@code {"symbol":"SYMBOL","price":PRICE,"size":SIZE,"time":TIME}}. */
  JSON("{\"symbol\":\"", "\",\"price\":", ",\"size\":", ",\"time\":", "}"),
  /** Tag=value as in FIX, with SOH between. */
  FIX("35=X\00155=", "\00144=", "\00138=", "\00160=", "");

  private static final int LONGEST_NUMBER = 20;

  private final String head;
  private final String beforePrice;
  private final String beforeSize;
  private final String beforeTime;
  private final String tail;

  LineFormat(String head, String beforePrice, String beforeSize, String beforeTime, String tail) {
    this.head = head;
    this.beforePrice = beforePrice;
    this.beforeSize = beforeSize;
    this.beforeTime = beforeTime;
    this.tail = tail;
  }

  /** Writes lines; owned by one process, which has one buffer for all of them. */
  public static final class Writer {
    private final byte[] head;
    private final byte[] beforePrice;
    private final byte[] beforeSize;
    private final byte[] beforeTime;
    private final byte[] tail;
    private final byte[] buffer = new byte[256];
    private int length;

    /**
     * A writer.
     *
     * @param format of its lines
     */
    public Writer(LineFormat format) {
      this.head = bytes(format.head);
      this.beforePrice = bytes(format.beforePrice);
      this.beforeSize = bytes(format.beforeSize);
      this.beforeTime = bytes(format.beforeTime);
      this.tail = bytes(format.tail);
    }

    /**
     * Writes a line.
     *
     * @param symbol in ASCII, at most 16 bytes
     * @param price as in {@link Tick}
     * @param size not negative
     * @param time in milliseconds since 1970
     * @return the line, a new array
     */
    public byte[] line(byte[] symbol, long price, long size, long time) {
      length = 0;
      put(head);
      put(symbol);
      put(beforePrice);
      price(price);
      put(beforeSize);
      number(size, 1);
      put(beforeTime);
      number(time, 1);
      put(tail);
      return Arrays.copyOf(buffer, length);
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void put(byte[] text) {
      System.arraycopy(text, 0, buffer, length, text.length);
      length += text.length;
    }

    private void price(long price) {
      if (price < 0) {
        buffer[length++] = '-';
      }
      long absolute = Math.abs(price);
      number(absolute / Tick.PRICE_SCALE, 1);
      long rest = absolute % Tick.PRICE_SCALE;
      if (rest > 0) {
        int digits = 8;
        while (rest % 10 == 0) {
          rest /= 10;
          digits--;
        }
        buffer[length++] = '.';
        number(rest, digits);
      }
    }

    /** With zeros before it, when it has fewer digits. */
    private void number(long number, int least) {
      int digits = 1;
      for (long power = 10; digits < LONGEST_NUMBER - 1 && number >= power; power *= 10) {
        digits++;
      }
      digits = Math.max(digits, least);
      long rest = number;
      for (int i = length + digits - 1; i >= length; i--) {
        buffer[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      length += digits;
    }
  }
}
