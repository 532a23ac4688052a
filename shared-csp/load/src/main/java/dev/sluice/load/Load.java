package dev.sluice.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Loads a service, and says how it bore that. */
@FunctionalInterface
public interface Load {
  /** How many requests are under way at a time. */
  int CONCURRENCY = 32;

  /**
   * Goes on for so long.
   *
   * @throws IOException a request was not answered as it had to be
   */
  Sample run(int seconds) throws IOException, InterruptedException;

  /**
   * {@code wrk}, one thread.
   *
   * @param script in Lua: what is sent
   */
  static Load wrk(String url, Path script) {
    return wrk(url, script, CONCURRENCY);
  }

  /** As {@link #wrk(String, Path)}, with so many connections. */
  static Load wrk(String url, Path script, int connections) {
    return seconds -> {
      String said =
          Command.run(
              "wrk",
              "-t1",
              "-c" + connections,
              "-d" + seconds + "s",
              "--latency",
              "-s",
              script.toString(),
              url);
      if (said.contains("Non-2xx") || said.contains("Socket errors")) {
        throw new IOException(url + " did not answer every request with 200:\n" + said);
      }
      return new Sample(
          Double.parseDouble(find("Requests/sec:\\s+([0-9.]+)", said)),
          milliseconds(find("(?m)^ +50%\\s+(\\S+)", said)),
          milliseconds(find("(?m)^ +99%\\s+(\\S+)", said)));
    };
  }

  /**
   * {@code h2load}, one thread, 8 connections with 4 calls each.
   *
   * @param message a file with the message, behind the five bytes that gRPC puts before it
   */
  static Load h2load(String url, Path message, Path scratch) {
    return h2load(url, message, scratch, CONCURRENCY);
  }

  /** As {@link #h2load(String, Path, Path)}, with so many calls at a time; a multiple of 8. */
  static Load h2load(String url, Path message, Path scratch, int concurrency) {
    return seconds -> {
      Files.deleteIfExists(scratch);
      String said =
          Command.run(
              "h2load",
              "-t1",
              "-c8",
              "-m" + concurrency / 8,
              "-D" + seconds,
              "--log-file=" + scratch,
              "-H",
              "content-type: application/grpc",
              "-H",
              "te: trailers",
              "-d",
              message.toString(),
              url);
      if (!said.contains(" 0 failed, 0 errored, 0 timeout")) {
        throw new IOException(url + " did not answer every call:\n" + said);
      }
      double[] micros;
      try (Stream<String> lines = Files.lines(scratch)) {
        micros = lines.mapToDouble(line -> Double.parseDouble(line.split("\t", -1)[2])).toArray();
      }
      return sample(micros, seconds);
    };
  }

  /**
   * {@code redis-benchmark}, which counts requests and not seconds.
   *
   * @param perSecond how many are to be expected
   * @param command in which {@code __rand_int__} is a number below a million
   */
  static Load redisBenchmark(int port, int perSecond, List<String> command) {
    return redisBenchmark(port, perSecond, 1, command);
  }

  /**
   * As {@link #redisBenchmark(int, int, List)}.
   *
   * @param pipeline how many requests are sent at a time
   */
  static Load redisBenchmark(int port, int perSecond, int pipeline, List<String> command) {
    return seconds -> {
      var arguments = new ArrayList<>(List.of("redis-benchmark", "-p", "" + port, "--csv"));
      arguments.addAll(
          List.of("-c", "" + CONCURRENCY, "-n", "" + perSecond * seconds, "-r", "1000000"));
      arguments.addAll(List.of("-P", "" + pipeline));
      arguments.addAll(command);
      String said = Command.run(arguments.toArray(String[]::new));
      String[] figures = said.strip().lines().toList().getLast().split("\",\"", -1);
      // "test","rps","avg","min","p50","p95","p99","max"
      return new Sample(
          Double.parseDouble(figures[1]),
          Double.parseDouble(figures[4]),
          Double.parseDouble(figures[6]));
    };
  }

  /**
   * The figures of requests that were timed one by one.
   *
   * @param micros how long each took, in microseconds, in any order
   * @param seconds in which time they were
   */
  static Sample sample(double[] micros, double seconds) {
    double[] sorted = micros.clone();
    Arrays.sort(sorted);
    return new Sample(sorted.length / seconds, quantile(sorted, 0.5), quantile(sorted, 0.99));
  }

  private static double quantile(double[] sortedMicros, double part) {
    return sortedMicros[(int) (part * (sortedMicros.length - 1))] / 1000;
  }

  private static String find(String pattern, String said) {
    Matcher found = Pattern.compile(pattern).matcher(said);
    if (!found.find()) {
      throw new IllegalArgumentException("no " + pattern + " in:\n" + said);
    }
    return found.group(1);
  }

  /** As {@code 870.00us}, {@code 1.92ms} or {@code 1.01s}. */
  private static double milliseconds(String time) {
    String number = time.replaceAll("[a-z]+$", "");
    double unit =
        switch (time.substring(number.length()).toLowerCase(Locale.ROOT)) {
          case "us" -> 1e-3;
          case "ms" -> 1;
          case "s" -> 1e3;
          case "m" -> 60e3;
          default -> throw new IllegalArgumentException("no time: " + time);
        };
    return Double.parseDouble(number) * unit;
  }

  /** The programs that this class and {@link RedisServer} start. */
  List<String> PROGRAMS = List.of("wrk", "h2load", "redis-server", "redis-cli", "redis-benchmark");

  /** Which of them are not on PATH. */
  static List<String> missing() {
    return missing(PROGRAMS);
  }

  /** Which of these programs are not on PATH. */
  static List<String> missing(List<String> programs) {
    return programs.stream().filter(program -> !Command.exists(program)).toList();
  }
}
