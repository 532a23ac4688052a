package dev.sluice.dedup.api;

import dev.sluice.dedup.process.Ask;
import dev.sluice.service.FieldError;
import dev.sluice.service.Inputs;
import dev.sluice.service.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a batch what the deduplicator is asked, and finds all that is wrong with it, in one
 * pass: Bean Validation would take longer than to see the keys.
 */
final class BatchAsks {
  private static final FieldError REQUIRED_TTL = new FieldError("ttl", null, "is required");

  private final Inputs inputs;
  private final Duration maxTtl;
  private final List<FieldError> errors = new ArrayList<>();

  BatchAsks(Inputs inputs, Duration maxTtl) {
    this.inputs = inputs;
    this.maxTtl = maxTtl;
  }

  /**
   * What the batch asks of each key.
   *
   * @throws ProblemException invalid-input, with every field that is not valid
   */
  List<Ask> of(DedupBatchRequest batch) {
    if (batch.requests() == null) {
      throw ProblemException.invalid(List.of(new FieldError("requests", null, "is required")));
    }
    List<DedupBatchRequest.@Nullable Item> items = inputs.batch("requests", batch.requests());
    inputs.keyError("namespace", batch.namespace()).ifPresent(errors::add);
    Refusals.brokenTtl(batch.ttl(), maxTtl).ifPresent(errors::add);
    var asks = new ArrayList<Ask>(items.size());
    for (int i = 0; i < items.size(); i++) {
      DedupBatchRequest.Item item = items.get(i);
      if (item == null) {
        errors.add(new FieldError("requests[" + i + "]", null, "is required"));
      } else {
        add(item, i, batch, asks);
      }
    }
    if (!errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
    return asks;
  }

  private void add(DedupBatchRequest.Item item, int place, DedupBatchRequest batch, List<Ask> to) {
    String key = item.key();
    Duration ttl = item.ttl() == null ? batch.ttl() : item.ttl();
    if (key == null) {
      complain(place, Optional.of(new FieldError("key", null, "is required")));
    } else {
      complain(place, inputs.keyError("key", key));
    }
    if (ttl == null) {
      complain(place, Optional.of(REQUIRED_TTL));
    }
    complain(place, Refusals.brokenTtl(item.ttl(), maxTtl));
    complain(place, inputs.keyError("namespace", item.namespace()));
    if (errors.isEmpty() && key != null && ttl != null) {
      to.add(new Ask(namespace(item, batch), key, ttl, isExtended(item, batch)));
    }
  }

  private void complain(int place, Optional<FieldError> error) {
    error.ifPresent(each ->
        errors.add(
            new FieldError(
                "requests[" + place + "]." + each.field(), each.value(), each.message())));
  }

  private static String namespace(DedupBatchRequest.Item item, DedupBatchRequest batch) {
    String namespace = item.namespace() == null ? batch.namespace() : item.namespace();
    return Objects.requireNonNullElse(namespace, DedupRequest.DEFAULT_NAMESPACE);
  }

  private static boolean isExtended(DedupBatchRequest.Item item, DedupBatchRequest batch) {
    Boolean extend = item.extend() == null ? batch.extend() : item.extend();
    return Objects.requireNonNullElse(extend, false);
  }
}
