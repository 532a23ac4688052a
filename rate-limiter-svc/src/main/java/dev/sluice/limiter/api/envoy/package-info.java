/** {@code envoy.service.ratelimit.v3} over gRPC, and the state of its rules over HTTP. */
@NullMarked
package dev.sluice.limiter.api.envoy;

import org.jspecify.annotations.NullMarked;
