package dev.sluice.mesh.config;

import dev.sluice.mesh.process.Caution;
import dev.sluice.service.DurationRange;
import dev.sluice.service.DurationSetting;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What can be set of the mesh. */
@ConfigMapping(prefix = "sluice.mesh")
public interface MeshConfig {
  /** What a {@code host:port} looks like. */
  String TARGET = "\\[?[A-Za-z0-9._:-]{1,253}\\]?:[0-9]{1,5}";

  // Who it is

  /** Which parts this process is; also the argument {@code --role=}. */
  @WithDefault("all")
  Role role();

  /**
   * What it is called. Of a worker and a router; no two may be called the same. A router finds its
   * log by it, so it has to be the same after a restart.
   */
  Optional<String> name();

  /** Where the supervisor listens, for routers and workers. */
  @WithDefault("localhost:9084")
  @Pattern(regexp = TARGET, message = "must be host:port")
  String supervisor();

  /** Where workers reach this router: {@code host:port} of its gRPC. */
  Optional<@Pattern(regexp = TARGET, message = "must be host:port") String> advertise();

  /** Which start of its name it is; set by who launches it, 0 when nobody does. */
  @WithDefault("0")
  @Min(0)
  long launch();

  // How many

  /** Into how many shards the keys of a group fall; at least as many as workers. */
  @WithDefault("32")
  @Min(1)
  @Max(16_384)
  int shards();

  /**
   * How many workers it launches. In role all: 4, as processes of the JVM. In role supervisor:
   * none, or as processes of the machine.
   */
  Optional<@Min(0) @Max(1024) Integer> workers();

  /** How many routers a supervisor launches as processes of the machine. */
  @WithDefault("0")
  @Min(0)
  @Max(1024)
  int routers();

  /** The most workers, and the most routers, that may be known at once. */
  @WithDefault("256")
  @Min(1)
  @Max(100_000)
  int members();

  /**
   * How many links from others may be open: of a worker, two at the supervisor, one at a router.
   */
  @WithDefault("1024")
  @Min(1)
  @Max(100_000)
  int links();

  // How it works

  /** How often members beat; two missed, and a worker is stuck. */
  @WithDefault("1s")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "10ms", max = "10m")
  Duration heartbeat();

  /** How many requests may wait in front of the router; more are answered 503. */
  @WithDefault("8192")
  @Min(1)
  @Max(1 << 20)
  int inbox();

  /** How many requests of one router may be with one worker, unanswered. */
  @WithDefault("256")
  @Min(1)
  @Max(10_000)
  int window();

  /** How many requests may be unanswered at all; more are answered 503. */
  @WithDefault("16384")
  @Min(1)
  int inFlight();

  /** How many requests of one shard may be unanswered; more are answered 503. */
  @WithDefault("4096")
  @Min(1)
  int inFlightPerShard();

  /** How many characters the payloads in flight may have together. */
  @WithDefault("67108864")
  @Min(1)
  long inFlightChars();

  /** How often a request is delivered again after its worker got stuck or died running it. */
  @WithDefault("3")
  @Min(0)
  int redeliveries();

  /** How many ids of requests a router remembers beside its log, to answer repetitions. */
  @WithDefault("100000")
  @Min(1)
  int knownIds();

  /** How many characters the outcomes remembered with them may have together. */
  @WithDefault("67108864")
  @Min(1)
  long knownChars();

  /** How many keys' states the workers of a group keep; a further key is answered 503. */
  @WithDefault("1000000")
  @Min(1)
  int maxKeys();

  /** How many answers they keep for repeated ids; the oldest are forgotten. */
  @WithDefault("100000")
  @Min(1)
  int maxAnswered();

  /** How many characters these answers may have together. */
  @WithDefault("67108864")
  @Min(1)
  long maxAnsweredChars();

  /** With what a bucket of {@code acquire} starts whose state was lost with its owner. */
  @WithDefault("empty")
  Caution caution();

  // The log

  /**
   * Where a router keeps accepted requests: {@code memory}, {@code sqlite:FILE} or {@code
   * postgresql://user:password@host:port/database}. {@code {router}} in it stands for the router's
   * name.
   */
  @WithDefault("sqlite:mesh-{router}.db")
  String log();

  /** How long the log keeps what became of a request. */
  @WithDefault("10m")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "0s", max = "30d")
  Duration keep();

  /** How many answered requests it keeps. */
  @WithDefault("1000000")
  @Min(1)
  @Max(20_000_000)
  long keepMax();

  /** How large an SQLite file may become before answered requests are forgotten for that. */
  @WithDefault("2G")
  MemorySize keepBytes();

  // Those that are launched

  /** How launched members are started again. */
  Restarts restarts();

  /** How launched members are started again. */
  interface Restarts {

    /** The pause before the first restart; it doubles with every failure in the window. */
    @WithDefault("100ms")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "1ms", max = "1h")
    Duration backoff();

    /** The longest pause. */
    @WithDefault("10s")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "1ms", max = "1d")
    Duration maxBackoff();

    /** So many failures within the window, and a worker is out of service. */
    @WithDefault("10")
    @Min(1)
    @Max(100_000)
    int failures();

    /** Over which failures count. */
    @WithDefault("5m")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "1ms", max = "30d")
    Duration window();
  }

  /** Members that are processes of the machine. */
  Processes processes();

  /** Members that are processes of the machine. */
  interface Processes {

    /** Options of each worker's JVM; a native executable takes these but for the collector. */
    @WithDefault("-Xmx256m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError")
    String workerOptions();

    /** Options of each router's JVM; a native executable takes both. */
    @WithDefault("-Xmx512m -XX:+ExitOnOutOfMemoryError")
    String routerOptions();

    /** Where each has a log file of its own; when not set they write where the supervisor does. */
    Optional<String> logs();

    /** The HTTP port of {@code router-0}, then upwards; not set: one that is free. */
    OptionalInt routerHttp();

    /** The gRPC port of {@code router-0}, then upwards; not set: one that is free. */
    OptionalInt routerGrpc();

    /** A launched member that has not heard of a supervisor for so long ends by itself. */
    @WithDefault("5m")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "1s", max = "30d")
    Duration orphaned();
  }
}
