package dev.sluice.csp.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test that leaves a scope open which it has opened: its processes may still live. The
 * failure shows {@link dev.sluice.csp.Processes#dump}, so who lives and what each waits for.
 *
 * <p>On a class it holds for each of its tests. Tests that run at the same time in one JVM see each
 * other's scopes; run such classes one after another.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LeakCheck.class)
public @interface NoLeaks {}
