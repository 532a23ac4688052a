/** What runs differently in a service from what Quarkus and its extensions do. */
@NullMarked
package dev.sluice.extension;

import org.jspecify.annotations.NullMarked;
