/** What PostgreSQL's driver needs to be part of a native executable. */
@NullMarked
package dev.sluice.store.postgres;

import org.jspecify.annotations.NullMarked;
