package dev.sluice.pool.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.store.StoreFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Those who watch jobs and queues. Each has a bounded channel; it is closed when its reader is so
 * slow that it is full.
 */
final class Watches {
  /** How many changes wait for a reader. */
  static final int CAPACITY = 256;

  private final JobStore store;
  private final PoolSettings settings;
  private final Tally tally;
  private final Map<Object, List<Channel<Change>>> readers = new HashMap<>();
  private int count;
  private boolean draining;

  Watches(JobStore store, PoolSettings settings, Tally tally) {
    this.store = store;
    this.settings = settings;
    this.tally = tally;
  }

  void watchQueue(String queue, Reply<Watch> reply) {
    if (isRefused(reply)) {
      return;
    }
    Channel<Change> channel = add(queue);
    if (!reply.complete(new Watch(channel))) {
      remove(queue, channel);
    }
  }

  /** Watches before it looks: what happens in between is not missed. */
  void watchJob(UUID id, Reply<Optional<Watch>> reply) {
    if (isRefused(reply)) {
      return;
    }
    Channel<Change> channel = add(id);
    store.submit(
        new Subject.Any(),
        jobs -> jobs.find(id),
        outcome -> {
          switch (outcome) {
            case Outcome.Failed(StoreFailure why) -> {
              remove(id, channel);
              reply.fail(Refusals.store(why));
            }
            case Outcome.Done(Optional<JobView> job) -> {
              if (job.isEmpty() || job.get().state().isFinished()) {
                remove(id, channel);
              }
              if (!reply.complete(job.map(_ -> new Watch(channel)))) {
                remove(id, channel);
              }
            }
          }
        });
  }

  private boolean isRefused(Reply<?> reply) {
    if (draining) {
      reply.fail(Refusals.draining());
    } else if (count >= settings.maxWatches()) {
      tally.refusedOverloaded++;
      reply.fail(Refusals.overloaded("watches"));
    }
    return reply.isDone();
  }

  private Channel<Change> add(Object what) {
    Channel<Change> channel = Channel.buffered(CAPACITY);
    readers.computeIfAbsent(what, _ -> new ArrayList<>()).add(channel);
    count++;
    return channel;
  }

  private void remove(Object what, Channel<Change> channel) {
    List<Channel<Change>> all = readers.get(what);
    if (all != null && all.remove(channel)) {
      count--;
      channel.tryClose();
      if (all.isEmpty()) {
        readers.remove(what);
      }
    }
  }

  /** Tells those who watch the job or its queue. */
  void changed(Change change) {
    if (count == 0) {
      return;
    }
    tell(change.queue(), change);
    tell(change.id(), change);
    if (change.to().isFinished()) {
      finished(change.id());
    }
  }

  private void tell(Object what, Change change) {
    for (Channel<Change> reader : List.copyOf(readers.getOrDefault(what, List.of()))) {
      if (!reader.trySend(change)) {
        remove(what, reader);
      }
    }
  }

  /** A job is finished, whoever has done it: nothing more will be said of it. */
  void finished(UUID id) {
    for (Channel<Change> reader : List.copyOf(readers.getOrDefault(id, List.of()))) {
      remove(id, reader);
    }
  }

  void unwatch(Watch watch) {
    for (Object what : List.copyOf(readers.keySet())) {
      for (Channel<Change> reader : List.copyOf(readers.getOrDefault(what, List.of()))) {
        if (reader == watch.changes()) {
          remove(what, reader);
        }
      }
    }
  }

  /** Ends all of them. */
  void drain() {
    draining = true;
    for (Object what : List.copyOf(readers.keySet())) {
      for (Channel<Change> reader : List.copyOf(readers.getOrDefault(what, List.of()))) {
        remove(what, reader);
      }
    }
  }

  int count() {
    return count;
  }
}
