/**
 * The patterns that programs of processes are made of, each built from nothing but the channels,
 * selects and scopes of {@link dev.sluice.csp}: stages between channels, pools, limiters,
 * supervisors. Whatever has state has one process that owns it; everybody else sends it messages.
 */
@NullMarked
package dev.sluice.csp.patterns;

import org.jspecify.annotations.NullMarked;
