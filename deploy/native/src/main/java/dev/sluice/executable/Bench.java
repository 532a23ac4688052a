package dev.sluice.executable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sluice.load.Duel;
import dev.sluice.load.Goal;
import dev.sluice.load.Load;
import dev.sluice.load.Report;
import dev.sluice.load.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures native executables: {@code Bench ROOT RESULTS [--quick] [MODULE...]}. ROOT is the
 * checkout, in which the services are built in both ways; into RESULTS come figures, a table and
 * plots. Without a MODULE it measures all four.
 */
public final class Bench {
  private static final Goal BESIDE_JVM = new Goal(0.6, 0);

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path root;
  private final Path scratch;
  private final Effort effort;

  private Bench(Path root, Path scratch, Effort effort) {
    this.root = root;
    this.scratch = scratch;
    this.effort = effort;
  }

  /** Takes ROOT, RESULTS, perhaps {@code --quick}, and modules. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (!Load.missing(List.of("wrk")).isEmpty() || !Files.exists(Path.of("/proc/self/status"))) {
      System.err.println("it takes Linux and the program of Debian's package wrk on PATH");
      System.exit(1);
    }
    Path results = Path.of(args[1]);
    List<String> modules = new ArrayList<>(Arrays.asList(args).subList(2, args.length));
    Effort effort = modules.remove("--quick") ? Effort.QUICK : Effort.WHOLE;
    List<Subject> subjects =
        modules.isEmpty() ? List.of(Subject.values()) : modules.stream().map(Subject::of).toList();
    Path scratch = Files.createTempDirectory("sluice-bench");
    var bench = new Bench(Path.of(args[0]), scratch, effort);
    var found = new ArrayList<Found>();
    for (Subject subject : subjects) {
      found.add(bench.measure(subject));
    }
    JSON.writeValue(results.resolve("native.json").toFile(), found);
    new Report(
            "native",
            effort.rounds(),
            found.stream().map(Found::duel).toList(),
            found.stream().flatMap(each -> each.facts().stream()).toList(),
            results)
        .write();
  }

  private Found measure(Subject subject) throws IOException, InterruptedException {
    Path app = subject.application(root);
    Path executable = subject.executable(root);
    System.out.println("  " + subject.module() + ", " + effort.starts() + " starts of each");
    double[] appStarts = new double[effort.starts()];
    double[] executableStarts = new double[effort.starts()];
    for (int i = 0; i < effort.starts(); i++) {
      appStarts[i] = Start.millis(subject, app, scratch);
      executableStarts[i] = Start.millis(subject, executable, scratch);
    }

    try (Service onJvm = start(subject, app);
        Service asExecutable = start(subject, executable)) {
      TimeUnit.SECONDS.sleep(effort.idleSeconds());
      long onJvmIdle = Memory.resident(onJvm.pid());
      long asExecutableIdle = Memory.resident(asExecutable.pid());
      Duel duel =
          Duel.fight(
              subject.module() + ": POST " + subject.path(),
              "the same on the JVM",
              BESIDE_JVM,
              load(subject, onJvm),
              load(subject, asExecutable),
              effort.rounds());
      return new Found(
          subject.module(),
          Build.of(subject, root),
          Files.size(executable),
          new Found.Cost(
              executableStarts, asExecutableIdle, Memory.mostResident(asExecutable.pid())),
          new Found.Cost(appStarts, onJvmIdle, Memory.mostResident(onJvm.pid())),
          duel);
    }
  }

  private Service start(Subject subject, Path app) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(scratch, "service");
    return Service.start(app, folder, subject.settings(folder));
  }

  private Load load(Subject subject, Service service) throws IOException {
    Path script = Files.createTempFile(scratch, "wrk", ".lua");
    Files.writeString(script, subject.script());
    return Load.wrk(service.http(subject.path()), script);
  }
}
