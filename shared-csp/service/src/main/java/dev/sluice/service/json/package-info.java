/**
 * How JSON is read and written: strictly. What is unknown, doubled, of another type or left over is
 * an error that names the field, the value and what is allowed; nothing is dropped, rounded or
 * guessed.
 */
@NullMarked
package dev.sluice.service.json;

import org.jspecify.annotations.NullMarked;
