package dev.sluice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the manifests as they are: for this nothing has to render. */
class ManifestFilesTest {

  static Stream<Path> files() {
    return Checkout.files(Checkout.KUBERNETES).stream();
  }

  static Stream<Path> settings() {
    return files().filter(each -> each.getFileName().toString().equals("settings.env"));
  }

  static Stream<Path> kustomizations() {
    return files().filter(each -> each.getFileName().toString().equals("kustomization.yaml"));
  }

  @Test
  void objectsAreRead() {
    long objects =
        files()
            .filter(each -> each.toString().endsWith(".yaml"))
            .flatMap(each -> Manifests.documents(Checkout.text(each)).stream())
            .filter(each -> each.has("metadata"))
            .map(Manifests::object)
            .peek(each -> assertNotNull(each.getMetadata().getName()))
            .count();
    assertTrue(objects > 50, objects + " objects");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {port: []}}",
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{prot: TCP}]}}",
        "{apiVersion: v1, kind: Secret, metadata: {name: s}}",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: s}}",
        "{apiVersion: apps/v1beta1, kind: Deployment, metadata: {name: s}}",
        "{apiVersion: v1, kind: Service, kind: Service, metadata: {name: s}}"
      })
  void whatIsWrongIsNotRead(String yaml) {
    assertThrows(Throwable.class, () -> Manifests.read(yaml));
  }

  @ParameterizedTest
  @MethodSource
  void kustomizations(Path file) {
    Path folder = file.getParent();
    var named = new HashSet<String>();
    JsonNode all = Manifests.documents(Checkout.text(file)).getFirst();
    all.path("resources").forEach(each -> named.add(each.asText()));
    all.path("components").forEach(each -> named.add(each.asText()));
    all.path("patches").forEach(each -> named.add(each.path("path").asText()));
    for (JsonNode each : all.path("configMapGenerator")) {
      each.path("files").forEach(one -> named.add(one.asText()));
      each.path("envs").forEach(one -> named.add(one.asText()));
    }
    named.remove(""); // patches that stand in the file itself
    for (String each : named) {
      assertTrue(Files.exists(folder.resolve(each)), each + " is not there");
    }
    List<Path> unused =
        Checkout.files(folder).stream()
            .filter(each -> each.getParent().equals(folder) && !each.equals(file))
            .filter(each -> !named.contains(each.getFileName().toString()))
            .toList();
    assertEquals(List.of(), unused, "files that are in no kustomization");
  }

  @ParameterizedTest
  @MethodSource
  void settings(Path file) {
    CodeOf service = serviceOf(file);
    Map<String, String> environment = new TreeMap<>(Checkout.properties(file));
    environment.forEach((variable, _) -> assertNotNull(service.setting(variable)));
    assertNotNull(service.with(environment), "it would start with them");
  }

  @Test
  void whatIsNoSettingIsFound() {
    assertThrows(AssertionError.class, () -> CodeOf.POOL.setting("SLUICE_POOL_WORKRES"));
    assertThrows(AssertionError.class, () -> CodeOf.LIMITER.setting("SLUICE_IDEMPOTENCY_URL"));
    assertThrows(
        RuntimeException.class, () -> CodeOf.POOL.with(Map.of("SLUICE_POOL_MAX_WAIT", "soon")));
    assertEquals("sluice.pool.max-wait", CodeOf.POOL.setting("SLUICE_POOL_MAX_WAIT"));
  }

  /** The policies that are mounted are such as the limiter reads. */
  @Test
  void policiesHaveTheFieldsThatTheLimiterKnows() {
    JsonNode policies =
        Manifests.documents(
                Checkout.text(Checkout.KUBERNETES.resolve("base/rate-limiter-svc/policies.yaml")))
            .getFirst();
    Set<String> known = CodeOf.LIMITER.texts(".config.policies");
    var unknown = new TreeSet<String>();
    policies
        .properties()
        .forEach(kind -> {
          assertTrue(known.contains(kind.getKey()), kind.getKey());
          kind.getValue().forEach(policy -> policy.fieldNames().forEachRemaining(unknown::add));
        });
    assertFalse(unknown.isEmpty());
    unknown.removeAll(known);
    assertEquals(Set.of(), unknown);
  }

  private static CodeOf serviceOf(Path file) {
    return CodeOf.ALL.stream()
        .filter(each -> file.toString().contains("/" + each.name() + "/"))
        .findFirst()
        .orElseThrow();
  }
}
