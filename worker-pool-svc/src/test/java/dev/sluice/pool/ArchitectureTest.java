package dev.sluice.pool;

import dev.sluice.service.testing.ArchitectureRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  @TestFactory
  Stream<DynamicTest> rules() {
    return ArchitectureRules.ofService("dev.sluice.pool");
  }
}
