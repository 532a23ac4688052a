package dev.sluice.market.model;

/** What travels from the sources to the normalisers. */
public sealed interface Raw permits RawTick, Probe {}
