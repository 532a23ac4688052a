package dev.sluice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules bite: a pod that is fine, and that with one thing wrong. */
class RestrictedTest {
  private static PodSpecBuilder fine() {
    return new PodSpecBuilder()
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .addNewContainer()
        .withName("c")
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .endContainer();
  }

  @Test
  void whatIsFineIsFine() {
    assertEquals(List.of(), Restricted.violations(fine().build()));
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong("hostNetwork", pod -> pod.withHostNetwork(true)),
        wrong("hostPID", pod -> pod.withHostPID(true)),
        wrong("hostIPC", pod -> pod.withHostIPC(true)),
        wrong("automountServiceAccountToken", pod -> pod.withAutomountServiceAccountToken(null)),
        wrong("enableServiceLinks", pod -> pod.withEnableServiceLinks(null)),
        wrong(
            "volume v",
            pod -> pod.addNewVolume().withName("v").withNewHostPath("/", null).endVolume()),
        wrong(
            "runAsUser of the pod",
            pod -> pod.editSecurityContext().withRunAsUser(0L).endSecurityContext()),
        wrong(
            "runAsNonRoot of c",
            pod -> pod.editSecurityContext().withRunAsNonRoot(null).endSecurityContext()),
        wrong(
            "seccompProfile of c",
            pod ->
                pod.editSecurityContext()
                    .editSeccompProfile()
                    .withType("Unconfined")
                    .endSeccompProfile()
                    .endSecurityContext()),
        wrong(
            "sysctls",
            pod ->
                pod.editSecurityContext().addNewSysctl("kernel.msgmax", "1").endSecurityContext()),
        wrong(
            "privileged of c",
            pod ->
                pod.editFirstContainer()
                    .editSecurityContext()
                    .withPrivileged(true)
                    .endSecurityContext()
                    .endContainer()),
        wrong(
            "allowPrivilegeEscalation of c",
            pod ->
                pod.editFirstContainer()
                    .editSecurityContext()
                    .withAllowPrivilegeEscalation(null)
                    .endSecurityContext()
                    .endContainer()),
        wrong(
            "readOnlyRootFilesystem of c",
            pod ->
                pod.editFirstContainer()
                    .editSecurityContext()
                    .withReadOnlyRootFilesystem(null)
                    .endSecurityContext()
                    .endContainer()),
        wrong(
            "capabilities of c",
            pod ->
                pod.editFirstContainer()
                    .editSecurityContext()
                    .withCapabilities(null)
                    .endSecurityContext()
                    .endContainer()),
        wrong(
            "added capabilities of c",
            pod ->
                pod.editFirstContainer()
                    .editSecurityContext()
                    .editCapabilities()
                    .addToAdd("SYS_ADMIN")
                    .endCapabilities()
                    .endSecurityContext()
                    .endContainer()),
        wrong(
            "hostPort of c",
            pod ->
                pod.editFirstContainer()
                    .addNewPort()
                    .withContainerPort(1)
                    .withHostPort(1)
                    .endPort()
                    .endContainer()));
  }

  private static Arguments wrong(String what, UnaryOperator<PodSpecBuilder> change) {
    return Arguments.of(what, change.apply(fine()).build());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void wrong(String what, PodSpec pod) {
    assertEquals(List.of(what), Restricted.violations(pod));
  }
}
