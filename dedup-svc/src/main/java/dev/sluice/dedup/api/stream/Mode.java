package dev.sluice.dedup.api.stream;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which lines or items pass. */
enum Mode {
  /** The first of each key within its window, on all streams and calls. */
  FIRST,
  /** The last of each burst of a key on this stream. */
  DEBOUNCE_TRAILING,
  /** The first of each burst of a key on this stream. */
  DEBOUNCE_LEADING;

  /** As it stands in requests: {@code debounce-trailing}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(Mode::label).toList();
  }

  static Optional<Mode> of(String label) {
    return Arrays.stream(values()).filter(mode -> mode.label().equals(label)).findFirst();
  }
}
