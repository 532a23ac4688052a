/**
 * Envoy's side of the service, put together: its settings, and the files of rules, which are read
 * as envoyproxy/ratelimit reads them.
 */
@NullMarked
package dev.sluice.limiter.config.envoy;

import org.jspecify.annotations.NullMarked;
