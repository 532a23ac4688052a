/** What measures the service. */
@NullMarked
package dev.sluice.dedup.bench;

import org.jspecify.annotations.NullMarked;
