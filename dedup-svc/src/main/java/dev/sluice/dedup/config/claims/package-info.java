/** What can be configured of idempotency claims, and their wiring and metrics. */
@NullMarked
package dev.sluice.dedup.config.claims;

import org.jspecify.annotations.NullMarked;
