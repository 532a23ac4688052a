package dev.sluice.limiter.process.envoy;

import dev.sluice.limiter.process.envoy.EnvoyDecision.Status;
import dev.sluice.limiter.store.Window;
import dev.sluice.limiter.store.WindowCounters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the decision on one request: from its rules the hits to count, from their counts the rest.
 */
final class Verdict {
  private final EnvoySettings settings;
  private final EnvoyRequest request;

  /** For each descriptor the rule that applies; null where none does. */
  private final List<@Nullable Match> matches;

  private final Instant now;

  Verdict(
      EnvoySettings settings, EnvoyRequest request, List<@Nullable Match> matches, Instant now) {
    this.settings = settings;
    this.request = request;
    this.matches = matches;
    this.now = now;
  }

  /** For each descriptor the rule that applies, without those that another's replaces. */
  static List<@Nullable Match> rulesFor(EnvoyRequest request, Rules rules) {
    var matches = new ArrayList<@Nullable Match>();
    Set<String> replaced = new HashSet<>();
    for (Descriptor descriptor : request.descriptors()) {
      Match match = rules.match(request.domain(), descriptor);
      matches.add(match);
      if (match != null) {
        replaced.addAll(match.rule().replaces());
      }
    }
    matches.replaceAll(match -> match != null && isNamed(match.rule(), replaced) ? null : match);
    return matches;
  }

  private static boolean isNamed(Rule rule, Set<String> names) {
    RateLimit limit = rule.limit();
    return limit != null && names.contains(limit.name());
  }

  /** What is to be counted: the hits of every descriptor that has a limit, in order. */
  List<WindowCounters.Hits> hits() {
    var hits = new ArrayList<WindowCounters.Hits>();
    for (int i = 0; i < matches.size(); i++) {
      Match match = matches.get(i);
      RateLimit limit = match == null ? null : match.rule().limit();
      if (match != null && limit != null) {
        hits.add(new WindowCounters.Hits(counter(match, limit), window(limit), hitsOf(i)));
      }
    }
    return hits;
  }

  /**
   * The decision.
   *
   * @param counts one for each of {@link #hits}
   */
  EnvoyDecision.Decided of(List<WindowCounters.Count> counts, RuleStatistics statistics) {
    Iterator<WindowCounters.Count> count = counts.iterator();
    var statuses = new ArrayList<Status>();
    for (int i = 0; i < matches.size(); i++) {
      Match match = matches.get(i);
      RateLimit limit = match == null ? null : match.rule().limit();
      if (match == null) {
        statuses.add(Status.NO_RULE);
      } else if (limit == null) {
        statistics.decided(match.metric(), Tally.unlimited(Math.max(0, hitsOf(i))));
        statuses.add(Status.UNLIMITED);
      } else {
        statuses.add(counted(i, match, limit, count.next(), statistics));
      }
    }
    return new EnvoyDecision.Decided(
        isOverLimit(statuses) && !settings.shadowMode(),
        List.copyOf(statuses),
        nearest(statuses),
        metadata(statuses));
  }

  private Status counted(
      int i, Match match, RateLimit limit, WindowCounters.Count count, RuleStatistics statistics) {
    long allowed = limit.requestsPerUnit();
    boolean shadow = match.rule().shadowMode();
    long near = (long) Math.floor((float) allowed * settings.nearLimitRatio());
    statistics.decided(match.metric(), Tally.of(allowed, near, count, hitsOf(i), shadow));
    // Who gives hits back is never over the limit.
    boolean over = count.after() > allowed && hitsOf(i) >= 0;
    return new Status(
        over && !shadow, limit, Math.max(0, allowed - count.after()), untilReset(limit));
  }

  /**
   * Over the limit is what one limit refuses, or all of its quotas. A descriptor without a rule is
   * neither; where every rule is a quota, it is one that is never used up.
   */
  private boolean isOverLimit(List<Status> statuses) {
    int quotas = 0;
    int quotasOver = 0;
    for (int i = 0; i < statuses.size(); i++) {
      boolean over = statuses.get(i).overLimit();
      if (isQuota(i)) {
        quotas++;
        quotasOver += over ? 1 : 0;
      } else if (over) {
        return true;
      }
    }
    return quotas > 0 && quotas == quotasOver;
  }

  private boolean isQuota(int i) {
    Match match = matches.get(i);
    if (match != null && match.rule().limit() == null) {
      return false; // unlimited is no quota
    }
    return settings.quotaMode() || match != null && match.rule().quotaMode();
  }

  private @Nullable Status nearest(List<Status> statuses) {
    Status nearest = null;
    for (int i = 0; i < statuses.size(); i++) {
      Status status = statuses.get(i);
      if (status.overLimit() && !isQuota(i)
          || status.limit() != null
              && (nearest == null || status.remaining() < nearest.remaining())) {
        nearest = status;
      }
    }
    return nearest;
  }

  private Map<String, Object> metadata(List<Status> statuses) {
    Map<String, Object> merged = new LinkedHashMap<>();
    for (int i = 0; i < statuses.size(); i++) {
      Match match = matches.get(i);
      if (match != null && match.rule().limit() != null && !statuses.get(i).overLimit()) {
        merge(merged, match.rule().metadata());
      }
    }
    return merged;
  }

  private static void merge(Map<String, Object> into, Map<String, Object> from) {
    from.forEach((key, value) ->
        into.merge(
            key,
            value,
            (first, second) -> {
              if (first instanceof Map<?, ?> firstMap && second instanceof Map<?, ?> secondMap) {
                return merged(firstMap, secondMap);
              }
              return first;
            }));
  }

  private static Map<String, Object> merged(Map<?, ?> first, Map<?, ?> second) {
    Map<String, Object> both = new LinkedHashMap<>();
    first.forEach((key, value) -> both.put((String) key, value));
    Map<String, Object> rest = new LinkedHashMap<>();
    second.forEach((key, value) -> rest.put((String) key, value));
    merge(both, rest);
    return both;
  }

  /** A counter for each unit: the windows of two units may be the same. */
  private static String counter(Match match, RateLimit limit) {
    return limit.unit() + ":" + match.counter();
  }

  private Window window(RateLimit limit) {
    return limit.unit().window(now, settings.calendarMonths());
  }

  /** In whole seconds, rounded up. */
  private Duration untilReset(RateLimit limit) {
    return Duration.ofSeconds(window(limit).end() - now.getEpochSecond());
  }

  private long hitsOf(int i) {
    return request.hitsOf(request.descriptors().get(i));
  }
}
