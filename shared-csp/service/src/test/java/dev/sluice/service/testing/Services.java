package dev.sluice.service.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The services of the house. They meet over HTTP and gRPC only. */
final class Services {
  static final List<String> ROOTS =
      List.of("dev.sluice.limiter", "dev.sluice.dedup", "dev.sluice.pool", "dev.sluice.mesh");

  private Services() {}

  static List<ArchRule> apart(String root, List<String> services) {
    var others =
        services.stream()
            .filter(service -> !service.equals(root))
            .map(service -> service + "..")
            .toArray(String[]::new);
    return List.of(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others)
            .as("services: none knows another's code"));
  }
}
