package dev.sluice.pool.bench;

import com.google.protobuf.Message;
import dev.sluice.load.BeanstalkdServer;
import dev.sluice.load.Duel;
import dev.sluice.load.Goal;
import dev.sluice.load.Load;
import dev.sluice.load.PostgresServer;
import dev.sluice.load.Report;
import dev.sluice.load.Service;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the worker pool: {@code Bench APP RESULTS [--quick]}. APP is the directory of the built
 * application; into RESULTS come figures, tables and plots.
 */
public final class Bench {
  private static final Goal BESIDE_BEANSTALKD = new Goal(1.0, 0);
  private static final String BEANSTALKD = "beanstalkd -f 0, puts";
  private static final int CALLERS = 64;
  private static final int INSTANCES = 3;

  private static final String SUBMIT =
      """
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/json"
      wrk.body = '{"queue":"%s","payload":%s}'
      """
          .formatted(Pool.QUEUE, Pool.PAYLOAD);

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
    List<String> missing = Load.missing(List.of("wrk", "h2load", "beanstalkd", "jcmd"));
    if (!missing.isEmpty() || PostgresServer.programs().isEmpty()) {
      System.err.println(
          "it takes the programs of Debian's packages wrk, nghttp2-client, beanstalkd and postgresql, and the JDK's"
              + " jcmd; not on PATH: "
              + missing);
      System.exit(1);
    }
    Path results = Path.of(args[1]);
    boolean quick = args.length > 2 && args[2].equals("--quick");
    Path scratch = Files.createTempDirectory("sluice-bench");
    Results found =
        new Bench(Path.of(args[0]), scratch, quick ? Effort.QUICK : Effort.WHOLE).measure();
    found.write(results.resolve("pool.json"));
    new Report("pool", found.effort().rounds(), found.duels(), found.facts(), results).write();
    System.exit(0); // channels of gRPC leave threads for a while
  }

  private Results measure() throws IOException, InterruptedException {
    var duels = new ArrayList<Duel>();
    EndToEnd endToEnd;
    Backlog backlog;
    try (Service sqlite = start(scratch, "sqlite:" + scratch.resolve("pool.db"))) {
      try (BeanstalkdServer beanstalkd = BeanstalkdServer.start(scratch)) {
        Load puts = beanstalkd.puts(Pool.PAYLOAD, CALLERS);
        duels.add(
            Duel.fight(
                "durable submits over gRPC, " + CALLERS + " callers",
                BEANSTALKD,
                BESIDE_BEANSTALKD,
                puts,
                accepted(sqlite, grpc(sqlite, CALLERS)),
                effort.rounds()));
        duels.add(
            Duel.fight(
                "durable submits over HTTP, " + CALLERS + " callers",
                BEANSTALKD,
                Goal.NONE,
                puts,
                accepted(sqlite, http(sqlite)),
                effort.rounds()));
      }
      try (Pool pool = Pool.of(sqlite)) {
        pool.purge();
      }
      endToEnd = EndToEnd.measure(sqlite, effort);
      backlog = Backlog.measure(sqlite, grpc(sqlite, CALLERS), effort);
    }
    return new Results(effort, duels, endToEnd, backlog, instances());
  }

  private Instances instances() throws IOException, InterruptedException {
    var services = new ArrayList<Service>();
    try (PostgresServer postgres = PostgresServer.start()) {
      try {
        var loads = new ArrayList<Load>();
        for (int i = 0; i < INSTANCES; i++) {
          Service service = start(Files.createTempDirectory(scratch, "instance"), postgres.url());
          services.add(service);
          loads.add(grpc(service, CALLERS / 8 / INSTANCES * 8));
        }
        return Instances.measure(services, loads, effort);
      } finally {
        services.forEach(Service::close);
      }
    }
  }

  /** As {@code ./sluice up} starts it, but for the room that the jobs of a whole run need. */
  private Service start(Path folder, String store) throws IOException, InterruptedException {
    return Service.start(
        app,
        folder,
        List.of(
            "sluice.store=" + store,
            "sluice.pool.queue.capacity=10000000",
            "sluice.pool.queue.capacity-bytes=50G"));
  }

  private Load http(Service service) throws IOException {
    Path script = Files.writeString(Files.createTempFile(scratch, "wrk", ".lua"), SUBMIT);
    return Load.wrk(service.http("/submit"), script, CALLERS);
  }

  private Load grpc(Service service, int callers) throws IOException {
    Path message = Files.createTempFile(scratch, "message", ".grpc");
    Files.write(message, framed(Pool.job(Pool.PAYLOAD)));
    return Load.h2load(
        service.grpc("sluice.pool.v1.WorkerPool/Submit"),
        message,
        Files.createTempFile(scratch, "h2load", ".log"),
        callers);
  }

  /** That jobs were answered and are not there must not count, as h2load cannot tell. */
  private static Load accepted(Service service, Load load) {
    return seconds -> {
      try (Pool pool = Pool.of(service)) {
        pool.purge();
        var sample = load.run(seconds);
        if (pool.depth() < sample.perSecond() * seconds * 0.99) {
          throw new IOException(
              "of the jobs that were answered only " + pool.depth() + " are there");
        }
        return sample;
      }
    };
  }

  /** As gRPC sends a message: not compressed, its length, itself. */
  private static byte[] framed(Message message) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeByte(0);
    out.writeInt(message.getSerializedSize());
    message.writeTo(out);
    return bytes.toByteArray();
  }
}
