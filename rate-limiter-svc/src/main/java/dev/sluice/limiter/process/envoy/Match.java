package dev.sluice.limiter.process.envoy;

/**
 * A descriptor and the rule that applies to it.
 *
 * @param rule the rule
 * @param counter what counts the descriptor's hits: descriptors with the same count together
 * @param metric what the rule's hits are called in the metrics
 */
public record Match(Rule rule, String counter, String metric) {}
