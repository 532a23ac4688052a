package dev.sluice.market.model;

/** What travels from the normalisers to the aggregator. */
public sealed interface Quote permits Tick, Probe {}
