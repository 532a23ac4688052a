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
 * The four folders of a service and what each may know; and two more for a service that needs them:
 * {@code model}, the words that all use, and {@code remote}, which calls what is outside, by ports
 * of {@code process}.
 *
 * <pre>
 *   config --&gt; all
 *   api ------&gt; process ------&gt; store (the port) &lt;------ store (the adapters)
 *    |             |  ^           |
 *    |             |  +-- remote  |
 *    +-------------+------+-------+--&gt; model
 * </pre>
 */
final class FolderRules {
  private static final String[] PLAIN_JAVA = {"java..", "org.jspecify.annotations.."};

  /** Libraries that do nothing but compute. */
  private static final String PURE = "com.cronutils..";

  private final String root;

  FolderRules(String root) {
    this.root = root;
  }

  List<ArchRule> all() {
    return List.of(
        onlyTheseFolders(),
        apiKnowsProcess(),
        processIsPlainJava(),
        portIsPlainJava(),
        storeKnowsNoOne(),
        modelIsJustWords(),
        remoteKnowsProcess());
  }

  private ArchRule onlyTheseFolders() {
    return classes()
        .that(handWritten())
        .should()
        .resideInAnyPackage(
            folder("api"),
            folder("process"),
            folder("store"),
            folder("config"),
            folder("model"),
            folder("remote"))
        .as("folders: every class lives in api, process, store, config, model or remote");
  }

  private ArchRule apiKnowsProcess() {
    return noClasses()
        .that()
        .resideInAPackage(folder("api"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(folder("store"), folder("config"), folder("remote"))
        .as("folders: api knows process, and not store, config or remote")
        .allowEmptyShould(true);
  }

  private ArchRule processIsPlainJava() {
    return classes()
        .that()
        .resideInAPackage(folder("process"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(PLAIN_JAVA)
                .or(
                    resideInAnyPackage(
                        PURE,
                        "dev.sluice.csp..",
                        "dev.sluice.store",
                        folder("process"),
                        folder("model")))
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
                .or(
                    resideInAnyPackage(
                        "dev.sluice.csp.patterns", "dev.sluice.store..", folder("model")))
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
        .resideInAnyPackage(folder("api"), folder("process"), folder("config"), folder("remote"))
        .as("folders: store does not know those who use it")
        .allowEmptyShould(true);
  }

  private ArchRule modelIsJustWords() {
    return classes()
        .that()
        .resideInAPackage(folder("model"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(PLAIN_JAVA).or(resideInAPackage(folder("model"))))
        .as("folders: model knows nothing but the JDK")
        .allowEmptyShould(true);
  }

  private ArchRule remoteKnowsProcess() {
    return noClasses()
        .that()
        .resideInAPackage(folder("remote"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(folder("api"), folder("store"), folder("config"))
        .as("folders: remote knows process and model only")
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
