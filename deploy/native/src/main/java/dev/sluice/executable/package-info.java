/**
 * Measures the services as native executables beside the same on the JVM: how they are built, how
 * soon they answer, what they take, and how much they bear.
 *
 * <pre>
 *   Subject: what is asked --> Start: the first answer  --+
 *                          --> Memory, Duel: under load --+--> Found --> Report: a table, *.svg
 *   Build: what the builder has written down -------------+
 * </pre>
 */
@NullMarked
package dev.sluice.executable;

import org.jspecify.annotations.NullMarked;
