/**
 * The books: one process that is told what the stages have done, checks that every tick is
 * accounted for, and answers whoever wants to see it.
 *
 * <pre>
 *   stages -- Entry --> [books] -- MarketView --> who looks
 * </pre>
 */
@NullMarked
package dev.sluice.market.books;

import org.jspecify.annotations.NullMarked;
