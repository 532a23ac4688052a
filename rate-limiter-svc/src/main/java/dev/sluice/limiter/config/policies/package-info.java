/** Policies from settings and files, and what is told of them. */
@NullMarked
package dev.sluice.limiter.config.policies;

import org.jspecify.annotations.NullMarked;
