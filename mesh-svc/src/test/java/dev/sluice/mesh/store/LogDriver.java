package dev.sluice.mesh.store;

import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.RequestLog.Accepted;
import dev.sluice.mesh.store.RequestLog.Entry;
import dev.sluice.store.StoreFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;

/** A router that has a log, and asks one thing after another; used by one thread. */
public final class LogDriver {
  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final RequestLog log;
  private final List<Request> recovered;
  private final List<Request> adopted = new ArrayList<>();

  public LogDriver(RequestLog.Engine engine, String router) {
    log = engine.open(router, () -> wakes.add(true));
    recovered = List.copyOf(log.recover());
    log.onAdopted(adopted::addAll);
  }

  public RequestLog log() {
    return log;
  }

  /** What was unanswered when it was opened. */
  public List<Request> recovered() {
    return recovered;
  }

  /** What it has got from others. */
  public List<Request> adopted() {
    return adopted;
  }

  public Accepted accept(Request request) {
    var told = new ArrayList<Accepted>();
    log.accept(request, told::add);
    await(() -> !told.isEmpty());
    return told.getFirst();
  }

  public void finish(String id, Outcome outcome) {
    log.finish(id, outcome);
    await(() -> !log.isWaiting());
  }

  public Optional<Entry> find(String id) {
    var told = new ArrayList<Optional<Entry>>();
    var failures = new ArrayList<StoreFailure>();
    log.find(id, entry -> told.add(Optional.ofNullable(entry)), failures::add);
    await(() -> !told.isEmpty() || !failures.isEmpty());
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.getFirst());
    }
    return told.getFirst();
  }

  /** Lets the log tell things until it is so; the test's time limit bounds it. */
  public void await(BooleanSupplier met) {
    try {
      log.flush();
      log.collect();
      while (!met.getAsBoolean()) {
        wakes.take();
        log.collect();
        log.flush();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
