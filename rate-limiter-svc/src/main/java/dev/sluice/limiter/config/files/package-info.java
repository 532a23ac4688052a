/** Configuration in YAML files, read with the line of every mistake. */
@NullMarked
package dev.sluice.limiter.config.files;

import org.jspecify.annotations.NullMarked;
