package dev.sluice.limiter.process;

import dev.sluice.csp.Shards;

/** What the shard that owns a bucket is told. */
sealed interface LimiterMessage extends Shards.Message permits Acquire, Abandoned {}
