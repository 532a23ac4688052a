package dev.sluice.service.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.stream.Stream;

/** What a plain library may depend on. */
final class LibraryRules {
  private LibraryRules() {}

  static ArchRule onlyJdk(String root, String... others) {
    var allowed =
        Stream.concat(
                Stream.of("java..", "org.jspecify.annotations..", root + ".."),
                Arrays.stream(others).map(other -> other + ".."))
            .toArray(String[]::new);
    return classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .as("library: " + root + " depends on " + String.join(", ", allowed) + " only");
  }
}
