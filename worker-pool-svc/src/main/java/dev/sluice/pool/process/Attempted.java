package dev.sluice.pool.process;

import java.util.UUID;

/** A worker's report: what came of its {@link Assignment}. */
record Attempted(UUID id, Outcome outcome) {}
