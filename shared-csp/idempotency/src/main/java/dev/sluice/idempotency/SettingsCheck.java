package dev.sluice.idempotency;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.URI;
import java.time.Duration;

/** Stops the start of a service whose settings cannot be meant. */
final class SettingsCheck {
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration MOST = Duration.ofDays(3650);
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
  private static final long LARGEST_BODY = 1L << 30;

  private SettingsCheck() {}

  /**
   * @throws ConfigurationException the first setting that is wrong, by its name
   */
  static void of(IdempotencyConfig config) {
    config.url().ifPresent(SettingsCheck::url);
    between("lease", config.lease(), LEAST, MOST);
    between("ttl", config.ttl(), config.lease(), MOST);
    between("wait", config.maxWait(), Duration.ZERO, MOST);
    between("timeout", config.timeout(), LEAST, LONGEST_TIMEOUT);
    between("connections", config.connections(), 1, Integer.MAX_VALUE);
    between("max-body", config.maxBody().asLongValue(), 1L, LARGEST_BODY);
    if (config.namespace().filter(String::isBlank).isPresent()) {
      throw wrong("namespace", "blank", "some text");
    }
  }

  private static void url(URI url) {
    String scheme = url.getScheme();
    boolean isHttp = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    if (!isHttp || url.getHost() == null || url.getQuery() != null || url.getFragment() != null) {
      throw wrong("url", url, "like http://localhost:8082");
    }
  }

  private static <T extends Comparable<? super T>> void between(
      String setting, T value, T least, T most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw wrong(setting, value, "from " + least + " to " + most);
    }
  }

  private static ConfigurationException wrong(String setting, Object value, String must) {
    return new ConfigurationException(
        "sluice.idempotency." + setting + " is " + value + ", must be " + must);
  }
}
