package dev.sluice.deploy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What the code of a service says of it. Its settings are read off the compiled
 * {@code @ConfigMapping} interfaces and {@code @ConfigProperty} parameters, and off its properties;
 * so what is renamed there is no setting any more.
 */
final class CodeOf {
  /** Shared modules that have settings or metrics of their own, and where their code is. */
  private static final Map<String, String> SHARED =
      Map.of(
          "sluice-service", "dev.sluice.service", "sluice-idempotency", "dev.sluice.idempotency");

  private static final Path DEFAULTS =
      Checkout.ROOT.resolve(
          "shared-csp/service/src/main/resources/META-INF/microprofile-config.properties");

  static final CodeOf LIMITER = new CodeOf("rate-limiter-svc", "dev.sluice.limiter");
  static final CodeOf DEDUP = new CodeOf("dedup-svc", "dev.sluice.dedup");
  static final CodeOf POOL = new CodeOf("worker-pool-svc", "dev.sluice.pool");
  static final CodeOf MESH = new CodeOf("mesh-svc", "dev.sluice.mesh");
  static final List<CodeOf> ALL = List.of(LIMITER, DEDUP, POOL, MESH);

  private final String name;
  private final JavaClasses classes;
  private final List<ConfigClass> mappings;
  private final Map<String, String> properties;
  private final Set<String> settings;

  private CodeOf(String name, String root) {
    this.name = name;
    var packages = new ArrayList<>(List.of(root));
    String pom = Checkout.text(folder().resolve("pom.xml"));
    SHARED.forEach((module, code) -> {
      if (pom.contains("<artifactId>" + module + "</artifactId>")) {
        packages.add(code);
      }
    });
    this.classes = new ClassFileImporter().importPackages(packages);
    this.mappings =
        classes.stream()
            .filter(each -> each.isAnnotatedWith(ConfigMapping.class))
            .map(each -> ConfigMappings.ConfigClass.configClass(each.reflect()))
            .toList();
    this.properties = new TreeMap<>(Checkout.properties(DEFAULTS));
    properties.putAll(
        Checkout.properties(folder().resolve("src/main/resources/application.properties")));
    this.settings = settings();
  }

  static CodeOf named(String name) {
    return ALL.stream()
        .filter(each -> each.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no service " + name));
  }

  String name() {
    return name;
  }

  Path folder() {
    return Checkout.ROOT.resolve(name);
  }

  int http() {
    return Integer.parseInt(property("quarkus.http.port"));
  }

  int grpc() {
    return Integer.parseInt(property("quarkus.grpc.server.port"));
  }

  /** A property as the code has it: what its files say, else the default of its mapping. */
  String property(String setting) {
    String said = properties.get(setting);
    if (said != null) {
      return said;
    }
    return mappings.stream()
        .map(each -> each.getProperties().get(setting))
        .filter(each -> each != null)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " has no value for " + setting));
  }

  /** The setting that a variable of the environment is; by the rules of MicroProfile Config. */
  String setting(String variable) {
    return settings.stream()
        .filter(each -> variable(each).equals(variable))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " has no setting " + variable));
  }

  private static String variable(String setting) {
    return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /**
   * Reads the settings as the service does at its start: throws for what it would not start with.
   */
  SmallRyeConfig with(Map<String, String> environment) {
    var said = new TreeMap<String, String>();
    environment.forEach((variable, value) -> said.put(setting(variable), value));
    var builder =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(properties, "files", 100))
            .withSources(new PropertiesConfigSource(said, "environment", 300));
    mappings.forEach(builder::withMapping);
    return builder.build();
  }

  /** Whether some class of the service has an annotation. */
  boolean hasClassWith(Class<? extends java.lang.annotation.Annotation> annotation) {
    return classes.stream().anyMatch(each -> each.isAnnotatedWith(annotation));
  }

  /**
   * Whether it tells a metric: its name is the service's prefix and then texts that stand in the
   * code.
   */
  boolean hasMetric(String metric) {
    String prefix = property("sluice.metrics.prefix");
    if (!metric.startsWith(prefix + "_")) {
      return false;
    }
    var texts = texts(".config"); // where metrics are
    texts.addAll(texts(".life"));
    return isMadeOf(metric.substring(prefix.length()), texts, 3);
  }

  private static boolean isMadeOf(String rest, Set<String> texts, int parts) {
    if (rest.isEmpty()) {
      return true;
    }
    return parts > 0
        && texts.stream()
            .anyMatch(each ->
                rest.startsWith(each) && isMadeOf(rest.substring(each.length()), texts, parts - 1));
  }

  /** The texts that stand in the code, of the packages whose name has a part. */
  Set<String> texts(String part) {
    var texts = new HashSet<String>();
    for (JavaClass each : classes) {
      if (!(each.getPackageName() + ".").contains(part + (part.isEmpty() ? "" : "."))) {
        continue;
      }
      for (PoolEntry entry : ClassFile.of().parse(bytes(each)).constantPool()) {
        if (entry instanceof StringEntry text) {
          texts.add(text.stringValue().replace("\u0001", "")); // what is joined to it
        }
      }
    }
    texts.remove("");
    return texts;
  }

  private static byte[] bytes(JavaClass type) {
    try (InputStream code = type.getSource().orElseThrow().getUri().toURL().openStream()) {
      return code.readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Set<String> settings() {
    var all = new TreeSet<>(properties.keySet());
    mappings.forEach(each -> all.addAll(ConfigMappings.getProperties(each).keySet()));
    for (JavaClass each : classes) {
      each.getCodeUnits().stream()
          .flatMap(unit -> unit.getParameters().stream())
          .map(JavaParameter::getAnnotations)
          .flatMap(Set::stream)
          .filter(annotation -> annotation.getRawType().isEquivalentTo(ConfigProperty.class))
          .forEach(annotation -> all.add(annotation.as(ConfigProperty.class).name()));
    }
    all.removeIf(setting -> setting.startsWith("%")); // of tests
    return all;
  }

  @Override
  public String toString() {
    return name;
  }
}
