/** Idempotency claims, over HTTP and gRPC: parses, checks, asks the process, renders. */
@NullMarked
package dev.sluice.dedup.api.claims;

import org.jspecify.annotations.NullMarked;
