package dev.sluice.dedup.api;

import dev.sluice.service.Key;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Names a key.
 *
 * @param key which
 * @param namespace whose; default {@value DedupRequest#DEFAULT_NAMESPACE}
 */
@Schema(name = "DedupKey")
public record KeyRequest(
    @Key @Schema(examples = "evt-1") String key,
    @Key @Schema(defaultValue = DedupRequest.DEFAULT_NAMESPACE, examples = "orders")
        String namespace) {

  /** No namespace is the default one. */
  public KeyRequest(String key, @Nullable String namespace) {
    this.key = key;
    this.namespace = Objects.requireNonNullElse(namespace, DedupRequest.DEFAULT_NAMESPACE);
  }
}
