/** Real servers for the tests of the services' stores. */
@NullMarked
package dev.sluice.store.testing;

import org.jspecify.annotations.NullMarked;
