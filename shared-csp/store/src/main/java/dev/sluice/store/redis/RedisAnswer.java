package dev.sluice.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a script has answered: an array of numbers and texts.
 *
 * @param parts each a {@link Long} or the bytes of a text; not to be changed
 */
public record RedisAnswer(List<Object> parts) {

  /** How many parts there are. */
  public int size() {
    return parts.size();
  }

  /**
   * One part.
   *
   * @throws ClassCastException it is no number
   */
  public long number(int at) {
    return (Long) parts.get(at);
  }

  /**
   * One part.
   *
   * @throws ClassCastException it is no text
   */
  public String text(int at) {
    return new String((byte[]) parts.get(at), StandardCharsets.UTF_8);
  }

  /**
   * All parts.
   *
   * @throws ClassCastException some part is no number
   */
  public List<Long> numbers() {
    return parts.stream().map(Long.class::cast).toList();
  }
}
