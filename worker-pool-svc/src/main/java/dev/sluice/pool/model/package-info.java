/**
 * The words of the service: what a job and a queue are, and what can become of them. Records that
 * api, process and store have in common; they know nothing but the JDK.
 */
@NullMarked
package dev.sluice.pool.model;

import org.jspecify.annotations.NullMarked;
