package dev.sluice.limiter.process.envoy;

import java.util.List;

/**
 * Asks whether a request may pass.
 *
 * @param domain whose rules apply
 * @param descriptors each is decided by itself
 * @param hits how many hits the request counts, for each descriptor that says nothing else; 1 or
 *     more
 */
public record EnvoyRequest(String domain, List<Descriptor> descriptors, long hits) {

  /** Copies the descriptors. */
  public EnvoyRequest {
    descriptors = List.copyOf(descriptors);
  }

  /** How many hits a descriptor counts; negative when it gives them back. */
  long hitsOf(Descriptor descriptor) {
    Long own = descriptor.hits();
    long count = own == null ? hits : own;
    return descriptor.givesBack() ? -count : count;
  }
}
