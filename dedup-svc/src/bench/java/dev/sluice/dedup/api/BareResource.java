package dev.sluice.dedup.api;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;

/**
 * {@code POST /bare}: reads what {@code /dedup} reads, writes what it writes, and decides nothing.
 * What {@code /dedup} takes longer is what the deduplicator costs.
 */
@Path("/bare")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class BareResource {
  static final DedupAnswer ANSWER =
      new DedupAnswer(
          false,
          "evt-42",
          1_000_000,
          Instant.parse("2026-11-24T11:53:51.003135074Z"),
          Instant.parse("2026-11-24T12:03:51.003135074Z"));

  /** Answers a constant, on the event loop. */
  @POST
  @NonBlocking
  public DedupAnswer bare(DedupRequest request) {
    return ANSWER;
  }
}
