package dev.sluice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Dockerfiles and the compose file: no Docker is needed to see what is wrong with them. */
class ImagesTest {
  private static final Path IMAGES = Checkout.DEPLOY.resolve("images");
  private static final List<String> LABELS =
      List.of("title", "description", "version", "revision", "created", "licenses", "base.name");

  static Stream<Path> dockerfiles() {
    return Stream.of(IMAGES.resolve("Dockerfile.native"), IMAGES.resolve("Dockerfile.jvm"));
  }

  static Stream<CodeOf> services() {
    return CodeOf.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void imagesThatItStandsOnHaveATag(Path file) {
    for (Dockerfile.Stage stage : Dockerfile.read(file).stages()) {
      assertVersion(stage.image());
    }
  }

  private static void assertVersion(String image) {
    String name = image.substring(image.lastIndexOf('/') + 1);
    assertTrue(name.matches("[a-z0-9-]+:.+"), image);
    assertFalse(name.endsWith(":latest"), image);
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void itRunsAsSomebodyAndWithoutAShell(Path file) {
    Dockerfile.Stage image = Dockerfile.read(file).image();
    assertEquals(List.of("10001:10001"), image.all("USER"));
    assertEquals(List.of(), image.all("RUN"), "would need a shell in the image");
    assertEquals(1, image.all("ENTRYPOINT").size());
    assertTrue(image.all("ENTRYPOINT").getFirst().startsWith("["), "else a shell would start it");
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void itSaysWhatItIs(Path file) {
    Dockerfile all = Dockerfile.read(file);
    String labels = String.join(" ", all.image().all("LABEL"));
    for (String each : LABELS) {
      assertTrue(labels.contains("org.opencontainers.image." + each + "=\""), each);
    }
    assertTrue(labels.contains(all.image().image() + "\""), "the base's name: " + labels);
    assertTrue(all.image().all("ARG").contains("VERSION=" + version()));
    assertTrue(labels.contains("licenses=\"Apache-2.0\""));
  }

  /** The version that the manifests' images have, and the build without its -SNAPSHOT. */
  private static String version() {
    JsonNode pods =
        Manifests.documents(
                Checkout.text(Checkout.KUBERNETES.resolve("base/pod/kustomization.yaml")))
            .getFirst();
    var tags = new TreeSet<String>();
    pods.path("images").forEach(each -> tags.add(each.path("newTag").asText()));
    assertEquals(1, tags.size());
    String pom = Checkout.text(Checkout.ROOT.resolve("pom.xml"));
    assertTrue(
        pom.contains("<version>" + tags.first() + "-SNAPSHOT</version>")
            || pom.contains("<version>" + tags.first() + "</version>"),
        "the build's version is another");
    return tags.first();
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void whatItCopiesIsThere(Path file) {
    Dockerfile all = Dockerfile.read(file);
    var earlier = new ArrayList<String>();
    for (Dockerfile.Stage stage : all.stages()) {
      for (String copy : stage.all("COPY")) {
        var words = new ArrayList<>(List.of(copy.split("\\s+")));
        String from =
            words.stream()
                .filter(each -> each.startsWith("--from="))
                .map(each -> each.substring("--from=".length()))
                .findFirst()
                .orElse("");
        words.removeIf(each -> each.startsWith("--"));
        words.removeLast(); // where to
        assertTrue(from.isEmpty() || earlier.contains(from), "there is no stage " + from);
        for (String source : words) {
          String inClone = source.startsWith("/build/") ? source.substring("/build/".length()) : "";
          if (from.isEmpty()) {
            assertTrue(Files.exists(Checkout.ROOT.resolve(source)), source);
          } else if (!inClone.isEmpty() && !inClone.startsWith("image/")) {
            assertTrue(Files.exists(Checkout.ROOT.resolve(inClone)), source);
          }
        }
      }
      earlier.add(stage.name());
    }
  }

  /** What the image on the JVM copies is all that the build makes: where it has been built. */
  @ParameterizedTest
  @MethodSource("services")
  void allOfTheApplicationIsCopied(CodeOf service) throws Exception {
    Path application = service.folder().resolve("target/quarkus-app");
    assumeTrue(Files.exists(application), service + " is not packaged");
    var copied = new TreeSet<String>();
    for (String copy : Dockerfile.read(IMAGES.resolve("Dockerfile.jvm")).image().all("COPY")) {
      for (String word : copy.split("\\s+")) {
        if (word.startsWith("/build/image/")) {
          copied.add(word.substring("/build/image/".length()));
        }
      }
    }
    try (var files = Files.list(application)) {
      var built = new TreeSet<>(files.map(each -> each.getFileName().toString()).toList());
      built.remove("quarkus-app-dependencies.txt"); // says what is in lib
      assertEquals(built, copied);
    }
  }

  @Test
  void aCloneWithoutWhatWasBuiltIsCopied() {
    List<String> ignored = Checkout.text(Checkout.ROOT.resolve(".dockerignore")).lines().toList();
    assertTrue(ignored.containsAll(List.of(".git", "**/target", ".sluice")), ignored.toString());
  }

  private static JsonNode compose() {
    return Manifests.documents(Checkout.text(Checkout.DEPLOY.resolve("compose.yaml")))
        .getFirst()
        .path("services");
  }

  @Test
  void composeHasAllServices() {
    var names = new TreeSet<String>();
    compose().fieldNames().forEachRemaining(names::add);
    assertEquals(new TreeSet<>(CodeOf.ALL.stream().map(CodeOf::name).toList()), names);
  }

  @ParameterizedTest
  @MethodSource("services")
  void composeIsAsTheServiceIs(CodeOf service) {
    JsonNode composed = compose().path(service.name());
    assertEquals("sluice/" + service + ":" + version(), composed.path("image").asText());
    assertEquals(service.name(), composed.path("build").path("args").path("SERVICE").asText());
    Path context = Checkout.DEPLOY.resolve(composed.path("build").path("context").asText());
    assertTrue(
        Files.exists(context.resolve(composed.path("build").path("dockerfile").asText())),
        "its Dockerfile");
    var ports = new TreeSet<String>();
    composed.path("ports").forEach(each -> ports.add(each.asText()));
    assertEquals(
        Set.of(
            "127.0.0.1:" + service.http() + ":" + service.http(),
            "127.0.0.1:" + service.grpc() + ":" + service.grpc()),
        ports);
    var environment = new TreeMap<String, String>();
    composed
        .path("environment")
        .properties()
        .forEach(each -> environment.put(each.getKey(), each.getValue().asText()));
    assertTrue(service.with(environment) != null, "it would start");
    composed
        .path("volumes")
        .forEach(each -> {
          String from = each.asText().split(":", 2)[0];
          assertTrue(!from.startsWith(".") || Files.exists(Checkout.DEPLOY.resolve(from)), from);
        });
  }

  @ParameterizedTest
  @MethodSource("services")
  void healthIsAskedThroughTheProgram(CodeOf service) {
    String argument = "--health=" + service.http();
    assertEquals(
        "[\"CMD\",\"/app/service\",\"" + argument + "\"]",
        compose().path(service.name()).path("healthcheck").path("test").toString());
    String onTheJvm =
        Manifests.documents(Checkout.text(Checkout.DEPLOY.resolve("compose.jvm.yaml")))
            .getFirst()
            .path("services")
            .path(service.name())
            .toString();
    assertTrue(onTheJvm.contains("\"" + argument + "\""), onTheJvm);
    assertTrue(onTheJvm.contains("Dockerfile.jvm"), onTheJvm);
    assertTrue(
        service.texts("").contains("--health="), "the program has the argument"); // HealthQuestion
  }
}
