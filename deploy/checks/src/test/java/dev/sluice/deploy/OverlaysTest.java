package dev.sluice.deploy;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.deploy.Suite.Workload;
import dev.sluice.mesh.config.Role;
import dev.sluice.service.life.LifeConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the overlays render to, held to the services' code, to the restricted standard and to
 * itself.
 */
class OverlaysTest {
  /** What the Secret is to have: deploy/README.md says how it is made. */
  private static final Set<String> SECRET =
      Set.of("valkey-url", "valkey-auth.conf", "postgres-url", "postgres-password");

  /** Set by Kubernetes for another variable to use; no setting. */
  private static final Set<String> NO_SETTINGS = Set.of("POD_IP");

  private static final Map<String, Suite> RENDERED = new LinkedHashMap<>();

  @BeforeAll
  static void render() {
    assumeTrue(
        Kustomize.command().isPresent(),
        "neither kustomize nor kubectl is on the path: not rendered");
    for (String each : List.of("embedded", "distributed", "mesh")) {
      RENDERED.put(each, Suite.render(Checkout.KUBERNETES.resolve("overlays").resolve(each)));
    }
    RENDERED.put("stores", Suite.render(Checkout.KUBERNETES.resolve("stores")));
  }

  static Stream<Suite> all() {
    return RENDERED.values().stream();
  }

  static Stream<Suite> overlays() {
    return all().filter(each -> !each.overlay().equals("stores"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void podsAreRestricted(Suite suite) {
    each(
        suite.workloads(),
        workload ->
            assertEquals(List.of(), Restricted.violations(workload.pod()), workload.name()));
    suite
        .find(Namespace.class, "sluice")
        .ifPresent(namespace ->
            assertEquals(
                "restricted",
                namespace.getMetadata().getLabels().get("pod-security.kubernetes.io/enforce")));
  }

  /** That there are no roles and bindings {@link Manifests} holds: it knows no such kind. */
  @ParameterizedTest
  @MethodSource("all")
  void nobodyHasAToken(Suite suite) {
    each(
        suite.workloads(),
        workload -> {
          ServiceAccount account =
              suite
                  .find(ServiceAccount.class, workload.pod().getServiceAccountName())
                  .orElseThrow(() -> new AssertionError(workload + " has no account of its own"));
          assertEquals(false, account.getAutomountServiceAccountToken());
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void imagesHaveAVersion(Suite suite) {
    each(
        suite.workloads(),
        workload -> {
          String image = workload.container().getImage();
          String[] parts = image.split(":", 2);
          assertEquals(2, parts.length, image);
          assertFalse(parts[1].isEmpty() || parts[1].equals("latest"), image);
          if (workload.isService()) {
            assertEquals("sluice/" + workload.service(), parts[0]);
            assertEquals(workload.labels().get("app.kubernetes.io/version"), parts[1]);
            assertEquals(
                workload.object().getMetadata().getLabels().get("app.kubernetes.io/version"),
                parts[1]);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void podsHaveTheRecommendedLabels(Suite suite) {
    each(
        suite.workloads(),
        workload -> {
          for (String each : List.of("name", "instance", "component", "part-of", "managed-by")) {
            assertNotNull(workload.labels().get("app.kubernetes.io/" + each), each);
          }
          assertEquals(List.of(workload), suite.selected(workload.selector()), "its selector");
          workload
              .claims()
              .forEach(claim ->
                  assertFalse(
                      claim.getMetadata().getLabels() != null
                          && claim
                              .getMetadata()
                              .getLabels()
                              .containsKey("app.kubernetes.io/version"),
                      "a claim template with a version could never change to the next"));
        });
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void portsAreTheServices(Suite suite) {
    each(
        suite.services(),
        workload -> {
          var service = CodeOf.named(workload.service());
          Map<String, Integer> ports =
              workload.container().getPorts().stream()
                  .collect(
                      Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
          var expected = new TreeMap<>(Map.of("http", service.http(), "grpc", service.grpc()));
          if (workload.argument("--role").equals("worker")) {
            expected.remove("grpc"); // nobody dials a worker
          }
          assertEquals(expected, new TreeMap<>(ports));
        });
    each(
        suite.all(Service.class).toList(),
        service -> {
          List<Workload> behind = suite.selected(service.getSpec().getSelector());
          assertEquals(1, behind.size(), "what stands behind it: " + behind);
          for (ServicePort port : service.getSpec().getPorts()) {
            ContainerPort target = port(behind.getFirst(), port.getTargetPort().getStrVal());
            assertEquals(target.getContainerPort(), port.getPort(), port.getName());
          }
        });
  }

  private static ContainerPort port(Workload workload, String name) {
    return workload.container().getPorts().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(workload + " has no port " + name));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void variablesAreSettings(Suite suite) {
    each(
        suite.services(),
        workload -> {
          var service = CodeOf.named(workload.service());
          Map<String, String> environment = environment(suite, workload);
          for (String port : List.of("QUARKUS_HTTP_PORT", "QUARKUS_GRPC_SERVER_PORT")) {
            assertFalse(environment.containsKey(port), "ports are the services' own");
          }
          assertNotNull(service.with(environment));
        });
  }

  /** What the container is given, with something in place of what only a cluster knows. */
  private static Map<String, String> environment(Suite suite, Workload workload) {
    var environment = new TreeMap<String, String>();
    workload
        .container()
        .getEnvFrom()
        .forEach(from ->
            environment.putAll(
                suite
                    .find(ConfigMap.class, from.getConfigMapRef().getName())
                    .orElseThrow()
                    .getData()));
    for (EnvVar each : workload.container().getEnv()) {
      if (each.getValueFrom() != null && each.getValueFrom().getSecretKeyRef() != null) {
        var secret = each.getValueFrom().getSecretKeyRef();
        assertEquals("sluice-stores", secret.getName());
        assertTrue(SECRET.contains(secret.getKey()), secret.getKey());
        environment.put(each.getName(), "secret");
      } else {
        environment.put(
            each.getName(),
            each.getValue() == null
                ? "10.0.0.1"
                : each.getValue().replace("$(POD_IP)", "10.0.0.1"));
      }
    }
    environment.keySet().removeAll(NO_SETTINGS);
    return environment;
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void rolesAreTheMeshs(Suite suite) {
    each(
        suite.services().stream().filter(each -> !each.container().getArgs().isEmpty()).toList(),
        workload -> {
          assertEquals("mesh-svc", workload.service());
          assertEquals(
              List.of("--role=" + workload.argument("--role")), workload.container().getArgs());
          String role = workload.argument("--role");
          assertTrue(
              Stream.of(Role.values()).anyMatch(each -> each.name().equalsIgnoreCase(role)), role);
        });
    suite.services().stream()
        .filter(each -> each.argument("--role").equals("supervisor"))
        .forEach(supervisor -> {
          assertEquals(1, supervisor.replicas());
          assertInstanceOf(StatefulSet.class, supervisor.object(), "never two of it");
          Service service = suite.find(Service.class, "mesh-supervisor").orElseThrow();
          assertEquals(List.of(supervisor), suite.selected(service.getSpec().getSelector()));
          assertEquals(
              true,
              service.getSpec().getPublishNotReadyAddresses(),
              "it is ready when its members have found it");
        });
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void probesAreTheServicesChecks(Suite suite) {
    each(
        suite.services(),
        workload -> {
          var service = CodeOf.named(workload.service());
          Container container = workload.container();
          assertTrue(service.hasClassWith(Startup.class), "checks of startup");
          assertTrue(service.hasClassWith(Readiness.class), "checks of readiness");
          assertTrue(service.hasClassWith(Liveness.class), "checks of liveness");
          assertProbe("/q/health/started", container.getStartupProbe());
          assertProbe("/q/health/ready", container.getReadinessProbe());
          assertProbe("/q/health/live", container.getLivenessProbe());
          Duration heartbeat =
              service
                  .with(environment(suite, workload))
                  .getConfigMapping(LifeConfig.class)
                  .heartbeat();
          Probe live = container.getLivenessProbe();
          assertTrue(
              Duration.ofSeconds(live.getTimeoutSeconds()).compareTo(heartbeat) > 0,
              "the check itself waits one heartbeat for the monitor");
          assertTrue(
              Duration.ofSeconds((long) live.getPeriodSeconds() * live.getFailureThreshold())
                      .compareTo(heartbeat.multipliedBy(3))
                  > 0,
              "a process is stuck after two heartbeats; it is not killed for the first verdict");
        });
  }

  private static void assertProbe(String path, Probe probe) {
    assertEquals(path, probe.getHttpGet().getPath());
    assertEquals("http", probe.getHttpGet().getPort().getStrVal());
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void podsHaveTheTimeToDrain(Suite suite) {
    each(
        suite.services(),
        workload -> {
          var service = CodeOf.named(workload.service());
          var config = service.with(environment(suite, workload));
          long preStop = workload.container().getLifecycle().getPreStop().getSleep().getSeconds();
          Duration drain = config.getConfigMapping(LifeConfig.class).grace();
          Duration http = config.getValue("quarkus.shutdown.timeout", Duration.class);
          assertTrue(preStop >= 1, "until all nodes have heard that the pod goes");
          long needed = preStop + drain.plus(http).toSeconds() + 5;
          assertTrue(
              workload.pod().getTerminationGracePeriodSeconds() >= needed,
              workload.pod().getTerminationGracePeriodSeconds() + " s, of " + needed + " needed");
        });
  }

  /** A file has one owner: one replica, or one volume a replica; and nobody scales it. */
  @ParameterizedTest
  @MethodSource("overlays")
  void filesHaveOneOwner(Suite suite) {
    each(
        suite.services(),
        workload -> {
          Map<String, String> environment = environment(suite, workload);
          boolean isRouter = List.of("router", "all").contains(workload.argument("--role"));
          String store =
              isRouter
                  ? environment.get("SLUICE_MESH_LOG")
                  : workload.service().equals("mesh-svc")
                      ? "none"
                      : environment.get("SLUICE_STORE");
          assertNotNull(store, "its engine is said");
          boolean isScaled = autoscaler(suite, workload) != null;
          if (store.startsWith("sqlite:")) {
            String folder = store.substring("sqlite:".length(), store.lastIndexOf('/'));
            assertTrue(workload.object() instanceof StatefulSet, "a StatefulSet");
            assertEquals(List.of("data"), claims(workload));
            assertTrue(
                workload.container().getVolumeMounts().stream()
                    .anyMatch(each ->
                        each.getName().equals("data") && each.getMountPath().equals(folder)),
                "its volume is where its file is");
            assertTrue(isRouter || Integer.valueOf(1).equals(workload.replicas()), "one replica");
            assertFalse(isScaled, "nobody scales it");
          } else if (store.equals("memory")) {
            assertEquals(1, workload.replicas());
            assertFalse(isScaled, "nobody scales it");
          } else {
            assertEquals(List.of(), claims(workload), "no volume that nobody uses");
          }
        });
  }

  private static List<String> claims(Workload workload) {
    return workload.claims().stream().map(each -> each.getMetadata().getName()).toList();
  }

  private static @Nullable HorizontalPodAutoscaler autoscaler(Suite suite, Workload workload) {
    return suite
        .all(HorizontalPodAutoscaler.class)
        .filter(each ->
            each.getSpec().getScaleTargetRef().getName().equals(workload.name())
                && each.getSpec().getScaleTargetRef().getKind().equals(workload.object().getKind()))
        .findFirst()
        .orElse(null);
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void autoscalersScaleWhatSaysNoNumber(Suite suite) {
    each(
        suite.all(HorizontalPodAutoscaler.class).toList(),
        scaler -> {
          var target = scaler.getSpec().getScaleTargetRef();
          Workload workload =
              suite.workloads().stream()
                  .filter(each ->
                      each.name().equals(target.getName())
                          && each.object().getKind().equals(target.getKind()))
                  .findFirst()
                  .orElseThrow(() -> new AssertionError("there is no " + target.getName()));
          assertEquals(null, workload.replicas(), "else each apply would undo what was scaled");
          if (workload.argument("--role").equals("worker")) {
            int shards = Integer.parseInt(CodeOf.MESH.property("sluice.mesh.shards"));
            assertTrue(scaler.getSpec().getMaxReplicas() <= shards, "no more workers than shards");
          }
        });
    each(
        suite.services(),
        workload ->
            assertTrue(
                workload.replicas() != null || autoscaler(suite, workload) != null,
                "who says how many?"));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void eachHasABudgetForDisruptions(Suite suite) {
    each(
        suite.services(),
        workload ->
            assertEquals(
                1,
                suite
                    .all(PodDisruptionBudget.class)
                    .filter(each ->
                        suite.selected(each.getSpec().getSelector()).equals(List.of(workload)))
                    .count(),
                "budgets"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatIsMountedIsThere(Suite suite) {
    each(
        suite.workloads(),
        workload -> {
          var volumes = new HashSet<>(claims(workload));
          for (Volume each : workload.pod().getVolumes()) {
            volumes.add(each.getName());
            if (each.getConfigMap() != null) {
              assertTrue(
                  suite.find(ConfigMap.class, each.getConfigMap().getName()).isPresent(),
                  each.getConfigMap().getName());
            }
            if (each.getSecret() != null) {
              assertEquals("sluice-stores", each.getSecret().getSecretName());
              each.getSecret()
                  .getItems()
                  .forEach(item -> assertTrue(SECRET.contains(item.getKey())));
            }
          }
          Set<String> mounted =
              workload.container().getVolumeMounts().stream()
                  .map(VolumeMount::getName)
                  .collect(Collectors.toCollection(TreeSet::new));
          assertEquals(new TreeSet<>(volumes), mounted);
          if (workload.object() instanceof StatefulSet set) {
            assertTrue(
                suite.find(Service.class, set.getSpec().getServiceName()).isPresent(),
                set.getSpec().getServiceName());
          }
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void resourcesAreSaid(Suite suite) {
    each(
        suite.workloads(),
        workload -> {
          var resources = workload.container().getResources();
          assertTrue(resources.getRequests().containsKey("cpu"), "request of cpu");
          Quantity least = resources.getRequests().get("memory");
          Quantity most = resources.getLimits().get("memory");
          assertTrue(
              Quantity.getAmountInBytes(least).compareTo(Quantity.getAmountInBytes(most)) <= 0,
              least + " of " + most);
        });
  }

  private static <T> void each(List<T> all, Consumer<T> check) {
    assertAll(
        all.stream()
            .map(each ->
                () -> {
                  try {
                    check.accept(each);
                  } catch (AssertionError failure) {
                    throw new AssertionError(name(each) + ": " + failure.getMessage(), failure);
                  }
                }));
  }

  private static String name(Object object) {
    return object instanceof HasMetadata it ? it.getMetadata().getName() : object.toString();
  }
}
