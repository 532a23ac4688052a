/**
 * What is proven of the channels by tools that look for counterexamples: random programs against a
 * plain model (jqwik), linearizability of concurrent ones (Lincheck). All goes by the public API,
 * so it judges any implementation of it.
 */
@NullMarked
package dev.sluice.csp.proof;

import org.jspecify.annotations.NullMarked;
