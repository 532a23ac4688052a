package dev.sluice.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * JMH with the settings of this module where the command line does not say otherwise: {@code java
 * -jar sluice-bench.jar [JMH's arguments]}.
 */
public final class Main {
  private static final int FORKS = 5;
  private static final int WARMUPS = 2;
  private static final int MEASUREMENTS = 3;
  private static final TimeValue ITERATION = TimeValue.milliseconds(400);

  /** A run whose values got lost says so itself, well before. */
  private static final TimeValue TIMEOUT = TimeValue.minutes(2);

  /** A heap that does not grow while it is measured; the last is for JMH itself. */
  private static final String[] JVM = {
    "-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "--sun-misc-unsafe-memory-access=allow"
  };

  private Main() {}

  /** Runs the benchmarks that the arguments name, all without any. */
  public static void main(String[] args)
      throws RunnerException, CommandLineOptionException, IOException {
    CommandLineOptions given = new CommandLineOptions(args);
    if (given.shouldHelp()) {
      given.showHelp();
    } else if (given.shouldList()) {
      new Runner(given).list();
    } else if (given.shouldListWithParams()) {
      new Runner(given).listWithParams(given);
    } else {
      var results = new Runner(withDefaults(given)).run();
      if (results.isEmpty()) {
        throw new IllegalArgumentException("nothing was measured");
      }
    }
  }

  private static Options withDefaults(CommandLineOptions given) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .parent(given)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .shouldFailOnError(given.shouldFailOnError().orElse(true))
            .addProfiler(GCProfiler.class)
            .forks(given.getForkCount().orElse(FORKS))
            .warmupIterations(given.getWarmupIterations().orElse(WARMUPS))
            .warmupTime(given.getWarmupTime().orElse(ITERATION))
            .measurementIterations(given.getMeasurementIterations().orElse(MEASUREMENTS))
            .measurementTime(given.getMeasurementTime().orElse(ITERATION))
            .timeout(given.getTimeout().orElse(TIMEOUT));
    if (!given.getJvmArgs().hasValue()) {
      options.jvmArgs(JVM);
    }
    return options.build();
  }
}
