package dev.sluice.mesh.config;

import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.remote.OsLauncher;
import dev.sluice.mesh.remote.Program;
import dev.sluice.mesh.remote.RouterPorts;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Who this process is to the others. */
@Singleton
public class Identity {
  private static final Set<String> ANY = Set.of("0.0.0.0", "::", "[::]");

  private final MeshConfig config;
  private final String grpcHost;
  private final int grpcPort;

  @Inject
  Identity(
      MeshConfig config,
      @ConfigProperty(name = "quarkus.grpc.server.host", defaultValue = "0.0.0.0") String grpcHost,
      @ConfigProperty(name = "quarkus.grpc.server.port") int grpcPort) {
    this.config = config;
    this.grpcHost = grpcHost;
    this.grpcPort = grpcPort;
  }

  /** The process's own number. */
  static long pid() {
    return ProcessHandle.current().pid();
  }

  /** A worker's name: when it is not set, the machine's and the process's, for it need not last. */
  String worker() {
    return config.name().orElseGet(() -> hostName() + "-" + pid());
  }

  /** A router: when its name is not set, the machine's, for its log is found by it. */
  RouterAddress router() {
    String name =
        config.name().orElseGet(() -> config.role() == Role.ALL ? "router-0" : hostName());
    return new RouterAddress(name, config.advertise().orElseGet(this::ownTarget));
  }

  /** How a supervisor starts members. */
  OsLauncher.Settings launching() {
    MeshConfig.Processes processes = config.processes();
    return new OsLauncher.Settings(
        program(),
        supervisorTarget(),
        words(processes.workerOptions()),
        words(processes.routerOptions()),
        processes.logs().map(Path::of).orElse(null),
        new RouterPorts(processes.routerHttp(), processes.routerGrpc()));
  }

  private Program program() {
    try {
      return Program.own();
    } catch (IllegalStateException not) {
      if (config.workers().orElse(0) + config.routers() == 0) {
        return new Program("", "", List.of()); // nothing will be launched
      }
      throw new ConfigurationException(
          "sluice.mesh.workers and sluice.mesh.routers must be 0, as " + not.getMessage());
    }
  }

  private String supervisorTarget() {
    return (ANY.contains(grpcHost) ? "localhost" : ownHost()) + ":" + grpcPort;
  }

  private static List<String> words(String options) {
    return options.isBlank() ? List.of() : List.of(options.trim().split("\\s+"));
  }

  private String ownTarget() {
    if (grpcPort == 0 && config.role() == Role.ROUTER && LaunchMode.current() != LaunchMode.TEST) {
      throw new ConfigurationException(
          "sluice.mesh.advertise must be set when quarkus.grpc.server.port is 0");
    }
    return ownHost() + ":" + grpcPort;
  }

  private String ownHost() {
    if (!ANY.contains(grpcHost)) {
      return grpcHost.contains(":") && !grpcHost.startsWith("[") ? "[" + grpcHost + "]" : grpcHost;
    }
    String supervisor = config.supervisor();
    boolean isHere =
        config.role() == Role.ALL
            || supervisor.startsWith("localhost:")
            || supervisor.startsWith("127.");
    return isHere ? "localhost" : hostAddress();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unknown) {
      throw new ConfigurationException(
          "sluice.mesh.name must be set, as this machine does not know its own");
    }
  }

  private static String hostAddress() {
    try {
      return InetAddress.getLocalHost().getHostAddress();
    } catch (UnknownHostException unknown) {
      throw new ConfigurationException(
          "sluice.mesh.advertise must be set, as this machine does not know its own address");
    }
  }
}
