package dev.sluice.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
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
  private static final int WARMUPS = 1;
  private static final int MEASUREMENTS = 2;

  /**
   * Compilers and processes that spin share two processors: with a sixth of this, ping-pong was
   * measured at twice what it comes to.
   */
  private static final TimeValue WARMUP = TimeValue.milliseconds(1500);

  private static final TimeValue MEASUREMENT = TimeValue.milliseconds(250);

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
      write(given, runInRounds(given));
    }
  }

  /**
   * Every benchmark once, then every one again: the speed of a machine that is shared changes in
   * the course of minutes, and this way all contestants see the same of it.
   */
  private static Collection<RunResult> runInRounds(CommandLineOptions given)
      throws RunnerException {
    Map<String, Collection<BenchmarkResult>> forks = new LinkedHashMap<>();
    for (int round = 0; round < given.getForkCount().orElse(FORKS); round++) {
      for (RunResult result : new Runner(oneFork(given)).run()) {
        forks
            .computeIfAbsent(result.getParams().id(), _ -> new ArrayList<>())
            .addAll(result.getBenchmarkResults());
      }
    }
    if (forks.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    return forks.values().stream()
        .map(each -> new RunResult(each.iterator().next().getParams(), each))
        .toList();
  }

  private static void write(CommandLineOptions given, Collection<RunResult> results)
      throws IOException {
    if (given.getResult().hasValue()) {
      try (var out = new PrintStream(given.getResult().get(), StandardCharsets.UTF_8)) {
        ResultFormatFactory.getInstance(given.getResultFormat().orElse(ResultFormatType.JSON), out)
            .writeOut(results);
      }
    }
  }

  private static Options oneFork(CommandLineOptions given) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .parent(given)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .shouldFailOnError(given.shouldFailOnError().orElse(true))
            .addProfiler(GCProfiler.class)
            .forks(1)
            .warmupIterations(given.getWarmupIterations().orElse(WARMUPS))
            .warmupTime(given.getWarmupTime().orElse(WARMUP))
            .measurementIterations(given.getMeasurementIterations().orElse(MEASUREMENTS))
            .measurementTime(given.getMeasurementTime().orElse(MEASUREMENT))
            .timeout(given.getTimeout().orElse(TIMEOUT));
    if (!given.getJvmArgs().hasValue()) {
      options.jvmArgs(JVM);
    }
    return options.build();
  }
}
