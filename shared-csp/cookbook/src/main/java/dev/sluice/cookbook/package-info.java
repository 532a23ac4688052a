/**
 * Every pattern of communicating processes as a small program that checks itself. {@link
 * dev.sluice.cookbook.Cookbook} lists and runs them; what is worth reusing stands in {@code
 * dev.sluice.csp} and {@code dev.sluice.csp.patterns}, and the programs show it at work.
 */
@NullMarked
package dev.sluice.cookbook;

import org.jspecify.annotations.NullMarked;
