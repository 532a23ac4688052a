package dev.sluice.deploy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The objects that an overlay is, rendered. */
record Suite(String overlay, List<HasMetadata> objects) {

  /** A Deployment or a StatefulSet: what has pods. */
  record Workload(
      HasMetadata object,
      @Nullable Integer replicas,
      Map<String, String> selector,
      PodTemplateSpec template,
      List<PersistentVolumeClaim> claims) {

    String name() {
      return object.getMetadata().getName();
    }

    Map<String, String> labels() {
      return template.getMetadata().getLabels();
    }

    PodSpec pod() {
      return template.getSpec();
    }

    Container container() {
      return pod().getContainers().getFirst();
    }

    /** Whether it is one of ours, and not an engine. */
    boolean isService() {
      return CodeOf.ALL.stream().anyMatch(each -> each.name().equals(service()));
    }

    String service() {
      return labels().getOrDefault("app.kubernetes.io/name", "");
    }

    String argument(String name) {
      return container().getArgs().stream()
          .filter(each -> each.startsWith(name + "="))
          .map(each -> each.substring(name.length() + 1))
          .findFirst()
          .orElse("");
    }

    @Override
    public String toString() {
      return name();
    }
  }

  static Suite render(Path folder) {
    return new Suite(folder.getFileName().toString(), Manifests.read(Kustomize.render(folder)));
  }

  <T extends HasMetadata> Stream<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast);
  }

  <T extends HasMetadata> Optional<T> find(Class<T> type, String name) {
    return all(type).filter(each -> each.getMetadata().getName().equals(name)).findFirst();
  }

  List<Workload> workloads() {
    return Stream.concat(
            all(Deployment.class)
                .map(each ->
                    new Workload(
                        each,
                        each.getSpec().getReplicas(),
                        each.getSpec().getSelector().getMatchLabels(),
                        each.getSpec().getTemplate(),
                        List.of())),
            all(StatefulSet.class)
                .map(each ->
                    new Workload(
                        each,
                        each.getSpec().getReplicas(),
                        each.getSpec().getSelector().getMatchLabels(),
                        each.getSpec().getTemplate(),
                        each.getSpec().getVolumeClaimTemplates())))
        .toList();
  }

  List<Workload> services() {
    return workloads().stream().filter(Workload::isService).toList();
  }

  List<Workload> selected(Map<String, String> labels) {
    return workloads().stream()
        .filter(each -> each.labels().entrySet().containsAll(labels.entrySet()))
        .toList();
  }

  List<Workload> selected(LabelSelector selector) {
    return workloads().stream().filter(each -> matches(selector, each.labels())).toList();
  }

  private static boolean matches(LabelSelector selector, Map<String, String> labels) {
    return (selector.getMatchLabels() == null
            || labels.entrySet().containsAll(selector.getMatchLabels().entrySet()))
        && selector.getMatchExpressions().stream().allMatch(each -> matches(each, labels));
  }

  private static boolean matches(LabelSelectorRequirement required, Map<String, String> labels) {
    if (!required.getOperator().equals("In")) {
      throw new AssertionError("no rule here knows the operator " + required.getOperator());
    }
    return required.getValues().contains(labels.get(required.getKey()));
  }

  @Override
  public String toString() {
    return overlay;
  }
}
