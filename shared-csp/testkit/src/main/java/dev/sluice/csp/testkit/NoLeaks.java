package dev.sluice.csp.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test that leaves something behind which it has started: a process that has not ended,
 * also in a scope that was open before, or a scope that has not been closed. The failure shows
 * {@link dev.sluice.csp.Processes#dump}, so who lives and what each waits for. What was left is
 * cancelled, so that it does not disturb the next test.
 *
 * <p>On a class it holds for each of its tests, those of nested classes and of subclasses too; and
 * for the class as a whole, so for what is opened in {@code @BeforeAll} or with the test's
 * instance. On a method it holds for that test.
 *
 * <p>It looks after the last {@code @AfterEach}, once and without waiting: a process that is just
 * about to end has not ended. {@link dev.sluice.csp.Scope#close} waits for the end.
 *
 * <p>It sees all scopes of the JVM, so tests that run at the same time see each other's; run such
 * classes one after another.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(LeakCheck.class)
public @interface NoLeaks {}
