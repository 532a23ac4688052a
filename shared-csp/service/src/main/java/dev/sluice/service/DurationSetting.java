package dev.sluice.service;

import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Reads a duration from configuration in the form that requests use, which Quarkus's own converter
 * does not (it takes {@code 10} for ten seconds and knows no {@code us}).
 *
 * <pre>{@code
 * @WithConverter(DurationSetting.class)
 * Duration grace();
 * }</pre>
 */
public final class DurationSetting implements Converter<Duration> {
  private static final long serialVersionUID = 1L;

  /** Creates the converter. */
  public DurationSetting() {}

  @Override
  public Duration convert(String value) {
    return Durations.parse(value.trim());
  }
}
