package dev.sluice.service.testing;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Every rule that a module of the house keeps, each as a test of its own. */
public final class ArchitectureRules {
  private ArchitectureRules() {}

  /**
   * Returns one test for each rule of a service: who may hold state, which of the four folders may
   * know which, and that no service knows another.
   *
   * @param root the service's package, for example {@code dev.sluice.limiter}
   */
  public static Stream<DynamicTest> ofService(String root) {
    return tests(root, serviceRules(root, Services.ROOTS));
  }

  /**
   * Returns one test for each rule of a plain library: it depends on the JDK, on annotations that
   * are not there at run time, and on nothing else.
   *
   * @param root the library's package, for example {@code dev.sluice.csp}
   * @param others the packages it may depend on besides, for example the JUnit API for the testkit
   */
  public static Stream<DynamicTest> ofLibrary(String root, String... others) {
    return tests(root, List.of(LibraryRules.onlyJdk(root, others)));
  }

  static List<ArchRule> serviceRules(String root, List<String> services) {
    return Stream.of(
            OwnershipRules.all(), new FolderRules(root).all(), Services.apart(root, services))
        .flatMap(List::stream)
        .toList();
  }

  private static Stream<DynamicTest> tests(String root, List<ArchRule> rules) {
    var classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(root);
    return rules.stream()
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(classes)));
  }
}
