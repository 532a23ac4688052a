/**
 * The rules of the house as tests. A service takes this jar ({@code sluice-service}, type {@code
 * test-jar}, scope {@code test}) and says:
 *
 * <pre>{@code
 * class ArchitectureTest {
 *   @TestFactory
 *   Stream<DynamicTest> rules() {
 *     return ArchitectureRules.ofService("dev.sluice.limiter");
 *   }
 * }
 * }</pre>
 *
 * <p>And what tests of a packaged service need: how it is started, and how it is called.
 */
@NullMarked
package dev.sluice.service.testing;

import org.jspecify.annotations.NullMarked;
