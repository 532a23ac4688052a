package dev.sluice.mesh;

import dev.sluice.service.testing.ArchitectureRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {

  @TestFactory
  Stream<DynamicTest> keepsTheRulesOfTheHouse() {
    return ArchitectureRules.ofService("dev.sluice.mesh");
  }
}
