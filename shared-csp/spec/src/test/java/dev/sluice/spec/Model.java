package dev.sluice.spec;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A model, and what must come out when it is checked.
 *
 * @param name of the file, without {@code .csp}
 * @param failing the left sides of the assertions that must not hold (of a property: the right
 *     side), and what an event of the counterexample must begin with
 */
record Model(String name, Map<String, String> failing) {

  /** Every one of {@code limiter} and {@code pool}: small enough to be checked at every build. */
  static final List<Model> SMALL =
      List.of(
          new Model("pool", Map.of()),
          new Model("pool_broken", Map.of("CLOSED_MEANS_DONE", "close", "SERVED", "closed")),
          new Model("pool_broken_late", Map.of("CLOSED_MEANS_DONE", "close", "SERVED", "close")),
          new Model("limiter", Map.of()),
          new Model("limiter_broken", Map.of("IN_LINE", "queue", "SERVED", "queue")),
          new Model("limiter_broken_lost", Map.of("THE_BUCKET", "leave", "SERVED", "leave")));

  /** The mesh, and the mesh without one of its rules. */
  static final List<Model> MESH =
      List.of(
          new Model("mesh", Map.of()),
          new Model(
              "mesh_broken",
              Map.of(":[deadlock free [F]]", "drop", "NO_STALE_REPLY", "", "SERVED", "")),
          new Model("mesh_broken_lease", Map.of("ONE_OWNER", "fence")),
          new Model("mesh_broken_log", Map.of("THE_LINE", "restart", "SERVED", "restart")));

  /** Takes our own checker a minute, and would take ProB hours. */
  static final Model TWO_FAULTS = new Model("mesh_two", Map.of());

  static List<Model> all() {
    return Stream.concat(SMALL.stream(), MESH.stream()).toList();
  }

  /** The file; what it includes lies beside it. */
  Path file() {
    try {
      return Path.of(
          Objects.requireNonNull(Model.class.getResource("/dev/sluice/spec/" + name + ".csp"), name)
              .toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** As they stand in the file, without {@code assert}. */
  List<String> assertions() throws IOException {
    return Files.readAllLines(file()).stream()
        .filter(line -> line.startsWith("assert "))
        .map(line -> line.substring("assert ".length()).strip())
        .toList();
  }

  /** Whether the assertion is to hold. */
  boolean isToHold(String assertion) {
    return failing.keySet().stream().noneMatch(name -> isAbout(assertion, name));
  }

  /** What the counterexample must have in it. */
  String telltale(String assertion) {
    return failing.entrySet().stream()
        .filter(each -> isAbout(assertion, each.getKey()))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static boolean isAbout(String assertion, String name) {
    return name.startsWith(":") ? assertion.endsWith(name) : assertion.startsWith(name + " ");
  }
}
