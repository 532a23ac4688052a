/**
 * Where buckets are kept: the port {@link dev.sluice.limiter.store.BucketStore} and one adapter an
 * engine.
 */
@NullMarked
package dev.sluice.limiter.store;

import org.jspecify.annotations.NullMarked;
