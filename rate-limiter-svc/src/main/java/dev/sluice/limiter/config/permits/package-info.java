/** What can be configured of concurrency limits, and their wiring and metrics. */
@NullMarked
package dev.sluice.limiter.config.permits;

import org.jspecify.annotations.NullMarked;
