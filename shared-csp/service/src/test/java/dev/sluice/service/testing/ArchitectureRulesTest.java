package dev.sluice.service.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules hold where they should, and each fails on a class that breaks it, and on no other. */
class ArchitectureRulesTest {
  private static final String FIXTURES = "dev.sluice.service.fixture";
  private static final String GOOD = FIXTURES + ".good";
  private static final String BAD = FIXTURES + ".bad";
  private static final List<String> SERVICES = List.of(GOOD, BAD);

  @Test
  void aGoodServiceKeepsEveryRule() {
    var classes = new ClassFileImporter().importPackages(GOOD);
    assertFalse(classes.isEmpty());
    assertEquals(List.of(), broken(GOOD, classes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          process.SynchronizedMethod | ownership: no method is synchronized
          process.SynchronizedBlock  | ownership: there is no synchronized block
          process.VolatileField      | ownership: no field is volatile
          process.UsesLock           | ownership: there are no locks, atomics or concurrent collections
          process.UsesAtomic         | ownership: there are no locks, atomics or concurrent collections
          process.UsesConcurrentMap  | ownership: there are no locks, atomics or concurrent collections
          process.UsesFramework      | folders: process is plain Java on channels and the store's port
          process.UsesAdapter        | folders: process is plain Java on channels and the store's port
          store.BadPort              | folders: the store's port is plain Java, patterns and what all stores share
          store.AdapterKnowsApi      | folders: store does not know those who use it
          api.ApiKnowsStore          | folders: api knows process, and not store, config or remote
          remote.RemoteKnowsStore    | folders: remote knows process and model only
          model.ModelKnowsStore      | folders: model knows nothing but the JDK
          Stray                      | folders: every class lives in api, process, store, config, model or remote
          """)
  void aBrokenRuleIsFound(String name, String rule) throws ClassNotFoundException {
    assertEquals(List.of(rule), broken(BAD, classOf(name)));
  }

  @Test
  void aServiceThatKnowsAnotherIsFound() throws ClassNotFoundException {
    assertEquals(
        List.of(
            "folders: process is plain Java on channels and the store's port",
            "services: none knows another's code"),
        broken(BAD, classOf("process.UsesOtherService")));
  }

  @Test
  void aLibraryThatDependsOnMoreThanTheJdkIsFound() throws ClassNotFoundException {
    var rule = LibraryRules.onlyJdk(BAD);
    assertFalse(holds(rule, classOf("process.UsesFramework")));
    assertTrue(holds(rule, classOf("process.UsesLock")));
    assertTrue(
        holds(LibraryRules.onlyJdk(BAD, "jakarta.inject"), classOf("process.UsesFramework")));
  }

  /** A bucket that is a channel needs no atomic, a pool no lock, and so on. */
  @Test
  void thePatternsOfTheChannelLibraryShareNoState() {
    var patterns = new ClassFileImporter().importPackages("dev.sluice.csp.patterns");
    assertFalse(patterns.isEmpty());
    assertEquals(
        List.of(),
        OwnershipRules.all().stream()
            .filter(rule -> !holds(rule, patterns))
            .map(ArchRule::getDescription)
            .toList());
  }

  private static List<String> broken(String root, JavaClasses classes) {
    return ArchitectureRules.serviceRules(root, SERVICES).stream()
        .filter(rule -> !holds(rule, classes))
        .map(ArchRule::getDescription)
        .toList();
  }

  private static boolean holds(ArchRule rule, JavaClasses classes) {
    return !rule.evaluate(classes).hasViolation();
  }

  /** The class alone, with what it depends on resolved. */
  private static JavaClasses classOf(String name) throws ClassNotFoundException {
    return new ClassFileImporter().importClasses(Class.forName(BAD + "." + name));
  }
}
