/** What is told of a service's engine: to who asks for its health, and to who counts. */
@NullMarked
package dev.sluice.service.engine;

import org.jspecify.annotations.NullMarked;
