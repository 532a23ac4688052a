package dev.sluice.limiter.api.envoy;

import java.util.Optional;

/**
 * What answers carry beside the decision.
 *
 * @param responseHeaders headers for the response that Envoy's client gets
 * @param requestHeaders headers for the request that Envoy passes on
 * @param dynamicMetadata whether they carry what was asked, and the metadata of the rules
 */
public record EnvoyRendering(
    Optional<HeaderNames> responseHeaders,
    Optional<HeaderNames> requestHeaders,
    boolean dynamicMetadata) {

  /** How the headers are called that tell of the limit nearest to be used up. */
  public record HeaderNames(String limit, String remaining, String reset) {}
}
