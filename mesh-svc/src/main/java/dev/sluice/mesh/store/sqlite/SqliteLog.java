package dev.sluice.mesh.store.sqlite;

import dev.sluice.csp.ReceiveChannel;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.RequestLog;
import dev.sluice.mesh.store.Unwritten;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteSession;
import dev.sluice.store.sqlite.SqliteTask;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The router's side: it knows where each id is, and gives numbers, so that the writer only adds
 * rows. Owned by the router's process.
 */
final class SqliteLog implements RequestLog {
  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  private final Fingerprint.Secret secret;
  private final IdIndex index;
  private final List<Request> unanswered;
  private final boolean hasHistory;
  private final SqliteSession session;
  private final EpochClock time;
  private final Runnable wake;
  private final ReceiveChannel<Retention.Forgotten> forgotten;

  /** Outcomes that the disk has not taken. */
  private final Unwritten<Finish> unwritten = new Unwritten<>();

  /** What is told without asking the writer. */
  private List<Runnable> told = new ArrayList<>();

  private long last;
  private long retryAt;
  private boolean probing;

  SqliteLog(
      Recovered recovered,
      SqliteSession session,
      EpochClock time,
      Retention retention,
      Runnable wake,
      ReceiveChannel<Retention.Forgotten> forgotten) {
    this.secret = recovered.secret();
    this.index = recovered.index();
    this.unanswered = recovered.unanswered();
    this.hasHistory = recovered.last() > 0;
    this.last = recovered.last();
    this.session = session;
    this.time = time;
    this.wake = wake;
    this.forgotten = forgotten;
    session.submit(new Greeting(retention));
    session.flush();
  }

  @Override
  public List<Request> recover() {
    return unanswered;
  }

  @Override
  public boolean hasHistory() {
    return hasHistory;
  }

  @Override
  public void accept(Request request, Consumer<Accepted> then) {
    if (session.isFull()) {
      var busy = new StoreFailure.Busy("too many requests wait for the disk");
      told.add(() -> then.accept(new Accepted.Failed(busy)));
      return;
    }
    Fingerprint print = print(request.id());
    long known = index.find(print);
    long seq = ++last;
    if (known == IdIndex.NONE) {
      index.put(print, seq);
    }
    session.submit(new Accept(request, print, seq, known, then));
  }

  @Override
  public void finish(String id, Outcome outcome) {
    long seq = index.find(print(id));
    if (seq != IdIndex.NONE) {
      submit(new Finish(seq, time.nanos() / 1_000_000, outcome));
    }
  }

  private void submit(Finish finish) {
    if (session.isFull()) {
      retryLater(finish);
    } else {
      session.submit(finish);
    }
  }

  private void retryLater(Finish finish) {
    unwritten.add(finish, finish.outcome);
    retryAt = time.nanos() + RETRY_NANOS;
  }

  @Override
  public void find(String id, Consumer<@Nullable Entry> then, Consumer<StoreFailure> failed) {
    long seq = index.find(print(id));
    if (seq == IdIndex.NONE) {
      told.add(() -> then.accept(null));
    } else if (session.isFull()) {
      told.add(() -> failed.accept(new StoreFailure.Busy("too much waits for the disk")));
    } else {
      session.submit(new Find(seq, then, failed));
    }
  }

  /** There are no others who have this file. */
  @Override
  public void onAdopted(Consumer<List<Request>> adopted) {}

  @Override
  public void flush() {
    session.flush();
    if (!told.isEmpty()) {
      wake.run();
    }
  }

  @Override
  public void collect() {
    for (var gone = forgotten.tryReceive(); gone != null; gone = forgotten.tryReceive()) {
      for (int i = 0; i < gone.ids().size(); i++) {
        index.remove(gone.ids().get(i), gone.numbers().get(i));
      }
    }
    session.collect();
    List<Runnable> all = told;
    told = new ArrayList<>();
    all.forEach(Runnable::run);
    if (!unwritten.isEmpty() && time.nanos() - retryAt >= 0) {
      unwritten.takeAll().forEach(this::submit);
      session.flush();
    }
  }

  @Override
  public boolean isWaiting() {
    return session.isWaiting() || !told.isEmpty();
  }

  /** When the last that is known of the disk is not good, it is tried; the next time tells. */
  @Override
  public StoreStatus status() {
    StoreStatus status = session.status();
    if (!session.isUp() && !probing) {
      probing = true;
      session.submit(new Probe());
      session.flush();
    }
    return status;
  }

  private Fingerprint print(String id) {
    return Fingerprint.of(secret, null, id);
  }

  /** Keeps a request, unless its id is known and has not been forgotten meanwhile. */
  private final class Accept implements SqliteTask {
    private final Request request;
    private final Fingerprint print;
    private final long seq;
    private final long known;
    private final Consumer<Accepted> then;
    private @Nullable Entry found;

    Accept(Request request, Fingerprint print, long seq, long known, Consumer<Accepted> then) {
      this.request = request;
      this.print = print;
      this.seq = seq;
      this.known = known;
      this.then = then;
    }

    @Override
    public void apply(SqliteFile file) throws SQLException {
      if (known != IdIndex.NONE) {
        found = LogTables.find(file, known);
      }
      if (found == null) {
        LogTables.insert(file, seq, request);
      }
    }

    @Override
    public void committed() {
      Entry entry = found;
      if (entry == null) {
        index.put(print, seq);
        then.accept(new Accepted.Kept());
      } else {
        then.accept(new Accepted.Known(entry.request(), entry.outcome()));
      }
    }

    @Override
    public void failed(StoreFailure.Unavailable why) {
      index.remove(print, seq);
      then.accept(new Accepted.Failed(why));
    }
  }

  /** Keeps an outcome. */
  private final class Finish implements SqliteTask {
    private final long seq;
    private final long at;
    private final Outcome outcome;

    Finish(long seq, long at, Outcome outcome) {
      this.seq = seq;
      this.at = at;
      this.outcome = outcome;
    }

    @Override
    public void apply(SqliteFile file) throws SQLException {
      LogTables.finish(file, seq, at, outcome);
    }

    @Override
    public void committed() {}

    @Override
    public void failed(StoreFailure.Unavailable why) {
      retryLater(this);
    }
  }

  /** Reads a request and its outcome. */
  private static final class Find implements SqliteTask {
    private final long seq;
    private final Consumer<@Nullable Entry> then;
    private final Consumer<StoreFailure> failed;
    private @Nullable Entry found;

    Find(long seq, Consumer<@Nullable Entry> then, Consumer<StoreFailure> failed) {
      this.seq = seq;
      this.then = then;
      this.failed = failed;
    }

    @Override
    public void apply(SqliteFile file) throws SQLException {
      found = LogTables.find(file, seq);
    }

    @Override
    public void committed() {
      then.accept(found);
    }

    @Override
    public void failed(StoreFailure.Unavailable why) {
      failed.accept(why);
    }
  }

  /** Tells the writer whom it wakes when it has forgotten something. */
  private final class Greeting implements SqliteTask {
    private final Retention retention;

    Greeting(Retention retention) {
      this.retention = retention;
    }

    @Override
    public void apply(SqliteFile file) {
      retention.wakes(wake);
    }

    @Override
    public void committed() {}

    @Override
    public void failed(StoreFailure.Unavailable why) {}
  }

  /** Finds out whether the file can be written again. */
  private final class Probe implements SqliteTask {
    @Override
    public void apply(SqliteFile file) throws SQLException {
      LogTables.probe(file);
    }

    @Override
    public void committed() {
      probing = false;
    }

    @Override
    public void failed(StoreFailure.Unavailable why) {
      probing = false;
    }
  }
}
