package dev.sluice.deploy;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Pod Security Standard "restricted", as
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/ has it, and three rules of
 * this suite: nothing is written outside of volumes, no token, no variables for Services.
 */
final class Restricted {
  private static final Set<String> SECCOMP = Set.of("RuntimeDefault", "Localhost");

  private final List<String> violations = new ArrayList<>();

  private Restricted() {}

  /** What a pod violates; nothing, if it is as restricted as it is to be. */
  static List<String> violations(PodSpec pod) {
    var check = new Restricted();
    check.pod(pod);
    return List.copyOf(check.violations);
  }

  private void pod(PodSpec pod) {
    refuse(isTrue(pod.getHostNetwork()), "hostNetwork");
    refuse(isTrue(pod.getHostPID()), "hostPID");
    refuse(isTrue(pod.getHostIPC()), "hostIPC");
    refuse(!isFalse(pod.getAutomountServiceAccountToken()), "automountServiceAccountToken");
    refuse(!isFalse(pod.getEnableServiceLinks()), "enableServiceLinks");
    PodSecurityContext context = pod.getSecurityContext();
    if (context != null) {
      refuse(!context.getSysctls().isEmpty(), "sysctls");
      refuse(isRoot(context.getRunAsUser()), "runAsUser of the pod");
      refuse(context.getSeLinuxOptions() != null, "seLinuxOptions of the pod");
      refuse(context.getWindowsOptions() != null, "windowsOptions of the pod");
    }
    pod.getVolumes().forEach(this::volume);
    if (pod.getEphemeralContainers() != null) {
      for (EphemeralContainer each : pod.getEphemeralContainers()) {
        refuse(true, "ephemeral container " + each.getName());
      }
    }
    Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream())
        .forEach(container -> container(container, context));
  }

  private void volume(Volume volume) {
    boolean isAllowed =
        volume.getConfigMap() != null
            || volume.getEmptyDir() != null
            || volume.getPersistentVolumeClaim() != null
            || volume.getSecret() != null
            || volume.getProjected() != null
            || volume.getDownwardAPI() != null
            || volume.getEphemeral() != null
            || volume.getCsi() != null;
    refuse(!isAllowed, "volume " + volume.getName());
  }

  private void container(Container container, @Nullable PodSecurityContext pod) {
    String of = " of " + container.getName();
    for (ContainerPort port : container.getPorts()) {
      refuse(port.getHostPort() != null && port.getHostPort() != 0, "hostPort" + of);
    }
    SecurityContext own =
        container.getSecurityContext() == null
            ? new SecurityContext()
            : container.getSecurityContext();
    refuse(isTrue(own.getPrivileged()), "privileged" + of);
    refuse(!isFalse(own.getAllowPrivilegeEscalation()), "allowPrivilegeEscalation" + of);
    refuse(!isTrue(own.getReadOnlyRootFilesystem()), "readOnlyRootFilesystem" + of);
    Boolean nonRoot =
        own.getRunAsNonRoot() == null && pod != null
            ? pod.getRunAsNonRoot()
            : own.getRunAsNonRoot();
    refuse(!isTrue(nonRoot), "runAsNonRoot" + of);
    refuse(isRoot(own.getRunAsUser()), "runAsUser" + of);
    SeccompProfile seccomp =
        own.getSeccompProfile() == null && pod != null
            ? pod.getSeccompProfile()
            : own.getSeccompProfile();
    refuse(seccomp == null || !SECCOMP.contains(seccomp.getType()), "seccompProfile" + of);
    refuse(own.getProcMount() != null && !own.getProcMount().equals("Default"), "procMount" + of);
    refuse(own.getSeLinuxOptions() != null, "seLinuxOptions" + of);
    refuse(own.getWindowsOptions() != null, "windowsOptions" + of);
    Capabilities capabilities = own.getCapabilities();
    refuse(capabilities == null || !capabilities.getDrop().contains("ALL"), "capabilities" + of);
    refuse(
        capabilities != null && !Set.of("NET_BIND_SERVICE").containsAll(capabilities.getAdd()),
        "added capabilities" + of);
  }

  private void refuse(boolean isWrong, String what) {
    if (isWrong) {
      violations.add(what);
    }
  }

  private static boolean isRoot(@Nullable Long user) {
    return user != null && user == 0;
  }

  private static boolean isTrue(@Nullable Boolean value) {
    return Boolean.TRUE.equals(value);
  }

  private static boolean isFalse(@Nullable Boolean value) {
    return Boolean.FALSE.equals(value);
  }
}
