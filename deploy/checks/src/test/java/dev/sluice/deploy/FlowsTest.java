package dev.sluice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.deploy.Suite.Workload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may reach whom, worked out from the rendered policies; and it is allowed at both ends. */
class FlowsTest {
  private static final List<String> MESH =
      List.of(
          "mesh-router -> mesh-supervisor:9084",
          "mesh-worker -> mesh-router:9084",
          "mesh-worker -> mesh-supervisor:9084");

  /**
   * All flows between pods that there are to be; those to and from outside are looked at besides.
   */
  private static final Map<String, List<String>> FLOWS =
      Map.of(
          "embedded", List.of("worker-pool-svc -> dedup-svc:8082"),
          "mesh", MESH,
          "distributed",
              Stream.concat(
                      MESH.stream(),
                      Stream.of(
                          "dedup-svc -> valkey:6379",
                          "mesh-router -> postgresql:5432",
                          "rate-limiter-svc -> valkey:6379",
                          "worker-pool-svc -> dedup-svc:8082",
                          "worker-pool-svc -> postgresql:5432"))
                  .toList());

  private static final Map<String, Suite> RENDERED = new TreeMap<>();

  @BeforeAll
  static void render() {
    assumeTrue(
        Kustomize.command().isPresent(),
        "neither kustomize nor kubectl is on the path: not rendered");
    Path overlays = Checkout.KUBERNETES.resolve("overlays");
    for (String each : List.of("embedded", "mesh")) {
      RENDERED.put(each, Suite.render(overlays.resolve(each)));
    }
    var objects = new ArrayList<HasMetadata>();
    objects.addAll(Suite.render(overlays.resolve("distributed")).objects());
    objects.addAll(Suite.render(Checkout.KUBERNETES.resolve("stores")).objects());
    RENDERED.put("distributed", new Suite("distributed", objects));
  }

  static Stream<Suite> suites() {
    return RENDERED.values().stream();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void thoseAndNoOthers(Suite suite) {
    assertEquals(new TreeSet<>(FLOWS.get(suite.overlay())), out(suite), "what pods may dial");
    assertEquals(
        new TreeSet<>(FLOWS.get(suite.overlay())), in(suite), "what pods may be dialled by");
  }

  @ParameterizedTest
  @MethodSource("suites")
  void allElseIsDenied(Suite suite) {
    NetworkPolicy deny = suite.find(NetworkPolicy.class, "default-deny").orElseThrow();
    assertEquals(List.of("Ingress", "Egress"), deny.getSpec().getPolicyTypes());
    assertEquals(suite.workloads(), suite.selected(deny.getSpec().getPodSelector()));
    assertEquals(List.of(), deny.getSpec().getIngress());
    assertEquals(List.of(), deny.getSpec().getEgress());
  }

  /** Whoever dials somebody looks up a name, and nobody else does. */
  @ParameterizedTest
  @MethodSource("suites")
  void whoDialsMayLookUpNames(Suite suite) {
    NetworkPolicy dns = suite.find(NetworkPolicy.class, "dns").orElseThrow();
    var dials =
        new TreeSet<>(
            suite.selected(dns.getSpec().getPodSelector()).stream().map(Workload::name).toList());
    var flows = new TreeSet<>(out(suite).stream().map(each -> each.split(" ")[0]).toList());
    assertEquals(flows, dials);
  }

  /**
   * Callers come in by labels, and never by the port through which the mesh's members are linked.
   */
  @ParameterizedTest
  @MethodSource("suites")
  void callersDoNotReachLinks(Suite suite) {
    suite
        .all(NetworkPolicy.class)
        .filter(each -> each.getSpec().getIngress() != null)
        .forEach(policy ->
            policy
                .getSpec()
                .getIngress()
                .forEach(rule -> {
                  boolean isOutside =
                      rule.getFrom().stream().anyMatch(each -> each.getNamespaceSelector() != null);
                  assertTrue(!rule.getFrom().isEmpty(), "from everywhere");
                  for (Workload each : suite.selected(policy.getSpec().getPodSelector())) {
                    if (isOutside && each.service().equals("mesh-svc")) {
                      assertEquals(List.of(CodeOf.MESH.http()), ports(rule.getPorts(), each));
                    }
                  }
                }));
  }

  private static TreeSet<String> out(Suite suite) {
    var flows = new TreeSet<String>();
    suite
        .all(NetworkPolicy.class)
        .forEach(policy ->
            policy
                .getSpec()
                .getEgress()
                .forEach(rule -> {
                  for (Workload from : suite.selected(policy.getSpec().getPodSelector())) {
                    for (Workload to : pods(suite, rule.getTo())) {
                      add(flows, from, to, rule.getPorts());
                    }
                  }
                }));
    return flows;
  }

  private static TreeSet<String> in(Suite suite) {
    var flows = new TreeSet<String>();
    suite
        .all(NetworkPolicy.class)
        .forEach(policy ->
            policy
                .getSpec()
                .getIngress()
                .forEach(rule -> {
                  for (Workload to : suite.selected(policy.getSpec().getPodSelector())) {
                    for (Workload from : pods(suite, rule.getFrom())) {
                      add(flows, from, to, rule.getPorts());
                    }
                  }
                }));
    return flows;
  }

  /** The pods of this namespace that peers name. */
  private static List<Workload> pods(Suite suite, List<NetworkPolicyPeer> peers) {
    return peers.stream()
        .filter(each -> each.getPodSelector() != null && each.getNamespaceSelector() == null)
        .flatMap(each -> suite.selected(each.getPodSelector()).stream())
        .toList();
  }

  private static void add(
      TreeSet<String> flows, Workload from, Workload to, List<NetworkPolicyPort> ports) {
    ports(ports, to).forEach(each -> flows.add(from + " -> " + to + ":" + each));
  }

  private static List<Integer> ports(List<NetworkPolicyPort> ports, Workload of) {
    return ports.stream()
        .flatMap(each ->
            of.container().getPorts().stream()
                .filter(port ->
                    port.getName().equals(each.getPort().getStrVal())
                        || port.getContainerPort().equals(each.getPort().getIntVal())))
        .map(port -> port.getContainerPort())
        .toList();
  }
}
