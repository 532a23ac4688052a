package dev.sluice.mesh.bench;

import dev.sluice.load.Duel;
import dev.sluice.load.Goal;
import dev.sluice.load.Load;
import dev.sluice.load.Report;
import dev.sluice.load.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the mesh: {@code Bench APP RESULTS [--quick]}. APP is the directory of the built
 * application; into RESULTS come figures, tables and plots.
 */
public final class Bench {
  private static final int DURABLE = 10_000;
  private static final int NOT_DURABLE = 30_000;
  private static final int CALLERS = 64;
  private static final String FLOOR = "an echo in one hop";

  private static final String REQUEST =
      """
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/json"
      local n = 0
      request = function()
        n = n + 1
        return wrk.format(nil, nil, nil, '{"key":"account-' .. n %% 10000
          .. '","op":"echo","payload":{"order":4711,"text":"%s"},"wait":"10s"}')
      end
      """
          .formatted("x".repeat(60));

  private final Path app;
  private final Path scratch;
  private final Effort effort;

  private Bench(Path app, Path scratch, Effort effort) {
    this.app = app;
    this.scratch = scratch;
    this.effort = effort;
  }

  /** Takes APP, RESULTS and perhaps {@code --quick}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> missing = Load.missing(List.of("wrk"));
    if (!missing.isEmpty()) {
      System.err.println("it takes the program of Debian's package wrk, which is not on PATH");
      System.exit(1);
    }
    Path results = Path.of(args[1]);
    boolean quick = args.length > 2 && args[2].equals("--quick");
    Path scratch = Files.createTempDirectory("sluice-bench");
    Results found =
        new Bench(Path.of(args[0]), scratch, quick ? Effort.QUICK : Effort.WHOLE).measure();
    found.write(results.resolve("mesh.json"));
    new Report("mesh", found.effort().rounds(), found.duels(), found.facts(), results).write();
    System.exit(0); // channels of gRPC leave threads for a while
  }

  private Results measure() throws IOException, InterruptedException {
    try (Mesh mesh = Mesh.start(app, scratch)) {
      List<Duel> duels;
      try (Echo.Running echo = Echo.Running.start();
          var floor = new Pipelines(echo.port(), false);
          var fast = new Pipelines(mesh.routerPort(), false);
          var durable = new Pipelines(mesh.routerPort(), true)) {
        duels = List.of(duel("not durable", floor, fast), duel("durable", floor, durable));
      }
      var steady = new ArrayList<Results.Steady>();
      steady.add(steady(mesh, "durable", DURABLE));
      steady.add(steady(mesh, "not durable", NOT_DURABLE));
      Sample http = http(mesh);
      List<Healing> healing =
          List.of(
              Healing.measure(mesh, "STOP", effort.faults()),
              Healing.measure(mesh, "KILL", effort.faults()));
      return new Results(effort, duels, steady, http, healing);
    }
  }

  private Duel duel(String what, Pipelines floor, Pipelines own)
      throws IOException, InterruptedException {
    return Duel.fight(
        what + ", " + Pipelines.STREAMS + " streams of " + Pipelines.IN_FLIGHT + " in flight",
        FLOOR,
        Goal.NONE,
        floor.most(),
        own.most(),
        effort.rounds());
  }

  private Results.Steady steady(Mesh mesh, String what, int perSecond)
      throws IOException, InterruptedException {
    System.out.println("  " + what + " requests, " + perSecond + " a second");
    try (var own = new Pipelines(mesh.routerPort(), what.equals("durable"))) {
      own.steady(perSecond, effort.seconds());
      return new Results.Steady(what, perSecond, own.steady(perSecond, effort.seconds()));
    }
  }

  private Sample http(Mesh mesh) throws IOException, InterruptedException {
    System.out.println("  durable requests over HTTP");
    Path script = Files.writeString(Files.createTempFile(scratch, "wrk", ".lua"), REQUEST);
    Load load = Load.wrk(mesh.http(), script, CALLERS);
    load.run(effort.seconds());
    return load.run(effort.seconds());
  }
}
