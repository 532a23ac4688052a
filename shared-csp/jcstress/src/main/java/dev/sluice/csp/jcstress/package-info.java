/**
 * What one thread sees of what another has written before they met on a channel, and who gets what
 * when they meet at the very same moment: small programs that jcstress runs many million times, on
 * each compiler of the JVM and with the threads on different processors. An outcome that is not
 * named acceptable fails the build.
 */
@NullMarked
package dev.sluice.csp.jcstress;

import org.jspecify.annotations.NullMarked;
