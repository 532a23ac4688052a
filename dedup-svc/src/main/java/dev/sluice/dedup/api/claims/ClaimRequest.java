package dev.sluice.dedup.api.claims;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.service.Key;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Claims a key, to do once what it stands for.
 *
 * @param namespace whose key it is: the same key in two namespaces is two
 * @param key what is to be done once
 * @param lease how long the claim lasts if it is not renewed
 * @param ttl for how long the key is remembered; no less than {@code lease}
 * @param fingerprint stands for the request that the key came with; by custom a hash of it
 * @param maxWait how long to wait for the present owner; default not at all
 */
@Schema(name = "ClaimRequest")
public record ClaimRequest(
    @Key
        @Schema(
            description = "Whose key it is: the same key in two namespaces is two",
            defaultValue = DEFAULT_NAMESPACE,
            examples = "payments")
        String namespace,
    @Key @Schema(examples = "pay-7") String key,
    @Schema(
            implementation = String.class,
            description = "From 1ms: how long the claim lasts if it is not renewed",
            defaultValue = "30s",
            examples = "30s")
        @Nullable Duration lease,
    @Schema(
            implementation = String.class,
            description = "No less than lease: for how long the key is remembered",
            defaultValue = "24h",
            examples = "24h")
        @Nullable Duration ttl,
    @Schema(
            description =
                "1 to 256 bytes that stand for the request; the same key with another is refused",
            examples = "2c26b46b68ffc68ff99b453c1d304134")
        @Nullable String fingerprint,
    @JsonProperty("wait")
        @Schema(
            implementation = String.class,
            description = "How long to wait for the present owner",
            defaultValue = "0s",
            examples = "5s")
        @Nullable Duration maxWait) {

  /** Where keys are that came without a namespace. */
  public static final String DEFAULT_NAMESPACE = "default";

  /** No namespace is the default one. */
  public ClaimRequest(
      @Nullable String namespace,
      String key,
      @Nullable Duration lease,
      @Nullable Duration ttl,
      @Nullable String fingerprint,
      @Nullable Duration maxWait) {
    this.namespace = Objects.requireNonNullElse(namespace, DEFAULT_NAMESPACE);
    this.key = key;
    this.lease = lease;
    this.ttl = ttl;
    this.fingerprint = fingerprint;
    this.maxWait = maxWait;
  }
}
