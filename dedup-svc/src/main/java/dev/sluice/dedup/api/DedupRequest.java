package dev.sluice.dedup.api;

import dev.sluice.service.Key;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether a key is seen for the first time, and marks it seen.
 *
 * @param key what is seen
 * @param ttl the length of the window that this call opens if it is the first
 * @param namespace whose key it is: the same key in two namespaces is two; default {@value
 *     #DEFAULT_NAMESPACE}
 * @param extend whether the window slides: it then lasts at least {@code ttl} from now on, also
 *     when this is not the first; default not
 */
@Schema(name = "DedupRequest")
public record DedupRequest(
    @Key @Schema(examples = "evt-1") String key,
    @NotNull
        @Schema(
            implementation = String.class,
            description =
                "More than 0; how long the window lasts that this call opens if it is the first",
            examples = "10m")
        Duration ttl,
    @Key
        @Schema(
            description = "Whose key it is: the same key in two namespaces is two",
            defaultValue = DEFAULT_NAMESPACE,
            examples = "orders")
        String namespace,
    @Schema(
            description =
                "Whether the window slides: it then lasts at least ttl from now on, also when this"
                    + " is not the first",
            defaultValue = "false")
        Boolean extend) {

  /** Where keys are that came without a namespace. */
  public static final String DEFAULT_NAMESPACE = "default";

  /** No namespace is the default one. */
  public DedupRequest(
      String key, Duration ttl, @Nullable String namespace, @Nullable Boolean extend) {
    this.key = key;
    this.ttl = ttl;
    this.namespace = Objects.requireNonNullElse(namespace, DEFAULT_NAMESPACE);
    this.extend = Objects.requireNonNullElse(extend, false);
  }
}
