package dev.sluice.service.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static dev.sluice.service.testing.Generated.handWritten;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/**
 * The four folders of a service and what each may know.
 *
 * <pre>
 *   config --&gt; all
 *   api ------&gt; process ------&gt; store (the port) &lt;------ store (the adapters)
 * </pre>
 */
final class FolderRules {
  private static final String[] PLAIN_JAVA = {"java..", "org.jspecify.annotations.."};

  private final String root;

  FolderRules(String root) {
    this.root = root;
  }

  List<ArchRule> all() {
    return List.of(
        onlyTheFour(),
        apiKnowsProcess(),
        processIsPlainJava(),
        portIsPlainJava(),
        storeKnowsNoOne());
  }

  private ArchRule onlyTheFour() {
    return classes()
        .that(handWritten())
        .should()
        .resideInAnyPackage(folder("api"), folder("process"), folder("store"), folder("config"))
        .as("folders: every class lives in api, process, store or config");
  }

  private ArchRule apiKnowsProcess() {
    return noClasses()
        .that()
        .resideInAPackage(folder("api"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(folder("store"), folder("config"))
        .as("folders: api knows process, and not store or config")
        .allowEmptyShould(true);
  }

  private ArchRule processIsPlainJava() {
    return classes()
        .that()
        .resideInAPackage(folder("process"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(PLAIN_JAVA)
                .or(resideInAnyPackage("dev.sluice.csp..", "dev.sluice.store", folder("process")))
                .or(resideInAPackage(folder("store")).and(DescribedPredicate.not(adapter()))))
        .as("folders: process is plain Java on channels and the store's port")
        .allowEmptyShould(true);
  }

  private ArchRule portIsPlainJava() {
    return classes()
        .that(resideInAPackage(folder("store")).and(port()))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(PLAIN_JAVA)
                .or(resideInAnyPackage("dev.sluice.csp.patterns", "dev.sluice.store.."))
                .or(resideInAPackage(folder("store")).and(DescribedPredicate.not(adapter()))))
        .as("folders: the store's port is plain Java, patterns and what all stores share")
        .allowEmptyShould(true);
  }

  private ArchRule storeKnowsNoOne() {
    return noClasses()
        .that()
        .resideInAPackage(folder("store"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(folder("api"), folder("process"), folder("config"))
        .as("folders: store does not know those who use it")
        .allowEmptyShould(true);
  }

  private String folder(String name) {
    return root + "." + name + "..";
  }

  /** The port: interfaces, and the records and enums that travel through them. */
  private DescribedPredicate<JavaClass> port() {
    return describe("are the port", type -> type.isInterface() || type.isRecord() || type.isEnum());
  }

  /** An adapter: a class, in the store, that implements one of the store's interfaces. */
  private DescribedPredicate<JavaClass> adapter() {
    return describe(
        "are adapters",
        type ->
            !port().test(type)
                && type.getAllRawInterfaces().stream().anyMatch(resideInAPackage(folder("store"))));
  }
}
