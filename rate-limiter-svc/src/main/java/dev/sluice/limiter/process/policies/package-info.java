/** The policies in force, of rates and of leases, and the process that renews them. */
@NullMarked
package dev.sluice.limiter.process.policies;

import org.jspecify.annotations.NullMarked;
