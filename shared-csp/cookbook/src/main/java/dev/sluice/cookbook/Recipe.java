package dev.sluice.cookbook;

import java.io.PrintStream;

/**
 * One task of the cookbook.
 *
 * @param number its place in the book, and what {@code ./sluice cookbook} calls it
 * @param name a word or two
 * @param shows what it shows, in a line
 * @param program what runs
 */
record Recipe(int number, String name, String shows, Program program) {
  /** A program that checks itself as it goes. */
  interface Program {
    /**
     * Runs to the end.
     *
     * @param out where it says what happens
     * @throws Exception it failed, or what it found was not right ({@link Check})
     */
    void run(PrintStream out) throws Exception;
  }
}
