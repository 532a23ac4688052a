/** Leases on permits, over HTTP and gRPC: parses, checks, asks the process, renders. */
@NullMarked
package dev.sluice.limiter.api.permits;

import org.jspecify.annotations.NullMarked;
