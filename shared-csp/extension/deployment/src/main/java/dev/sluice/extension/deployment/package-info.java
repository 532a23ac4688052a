/** What is different, when Quarkus builds a service, from what Quarkus and its extensions do. */
@NullMarked
package dev.sluice.extension.deployment;

import org.jspecify.annotations.NullMarked;
