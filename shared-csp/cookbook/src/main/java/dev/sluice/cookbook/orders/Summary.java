package dev.sluice.cookbook.orders;

/**
 * How far the desk has come.
 *
 * @param booked the orders booked so far
 */
public record Summary(int booked) {}
