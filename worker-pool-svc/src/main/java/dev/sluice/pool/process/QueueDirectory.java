package dev.sluice.pool.process;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.QueueView;
import dev.sluice.pool.process.push.JobRate;
import dev.sluice.pool.store.QueueDefaults;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The settings of the queues, as the dispatcher knows them: those that somebody has configured. */
final class QueueDirectory {
  private final QueueDefaults defaults;
  private final Clock clock;
  private final Map<String, QueueSettings> configured = new HashMap<>();
  private final Map<String, JobRate> rates = new HashMap<>();
  private boolean isLoaded;

  QueueDirectory(QueueDefaults defaults, Clock clock) {
    this.defaults = defaults;
    this.clock = clock;
  }

  /** All there are. */
  void load(List<QueueView> queues) {
    configured.clear();
    queues.forEach(this::put);
    rates.keySet().retainAll(configured.keySet());
    isLoaded = true;
  }

  /** It cannot be told now: the defaults hold. */
  void goOnWithoutLoading() {
    isLoaded = true;
  }

  /** One is there, as it is now. */
  void put(QueueView queue) {
    if (!queue.configured()) {
      remove(queue.name());
    } else {
      configured.put(queue.name(), queue.settings());
      JobRate rate = rates.get(queue.name());
      if (rate != null) {
        rate.change(queue.settings().rate());
      }
    }
  }

  /** One is there no longer. */
  void remove(String queue) {
    configured.remove(queue);
    rates.remove(queue);
  }

  /** Whether it is known what there is; nothing is handed out before. */
  boolean isLoaded() {
    return isLoaded;
  }

  QueueSettings settings(String queue) {
    QueueSettings known = configured.get(queue);
    return known == null ? defaults.of(queue) : known;
  }

  boolean isPush(String queue) {
    return settings(queue).kind() == QueueSettings.Kind.PUSH;
  }

  /** The names of all push queues. */
  List<String> pushQueues() {
    var names = new TreeSet<String>(configured.keySet());
    names.add(QueueDefaults.PUSH);
    return names.stream().filter(this::isPush).toList();
  }

  /** How fast jobs of the queue may be handed out; null: as fast as can be. */
  @Nullable JobRate rate(String queue) {
    QueueSettings known = configured.get(queue);
    if (known == null || known.rate() == null) {
      return null;
    }
    return rates.computeIfAbsent(queue, _ -> new JobRate(known.rate(), clock));
  }
}
