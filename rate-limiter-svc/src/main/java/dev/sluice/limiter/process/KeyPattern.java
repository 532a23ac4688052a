package dev.sluice.limiter.process;

/**
 * Keys as one writes them down: {@code *} stands for any number of any characters, all others for
 * themselves. Matching takes no longer than the product of the lengths.
 *
 * @param text for example {@code user:*}
 */
public record KeyPattern(String text) {

  /** Whether the whole key is such a one. */
  public boolean matches(String key) {
    int p = 0;
    int k = 0;
    int star = -1; // the last star met
    int resume = 0; // where the key goes on if that star takes one character more
    while (k < key.length()) {
      if (p < text.length() && text.charAt(p) == '*') {
        star = p++;
        resume = k;
      } else if (p < text.length() && text.charAt(p) == key.charAt(k)) {
        p++;
        k++;
      } else if (star >= 0) {
        p = star + 1;
        k = ++resume;
      } else {
        return false;
      }
    }
    while (p < text.length() && text.charAt(p) == '*') {
      p++;
    }
    return p == text.length();
  }

  @Override
  public String toString() {
    return text;
  }
}
