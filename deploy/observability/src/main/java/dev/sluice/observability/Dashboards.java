package dev.sluice.observability;

import dev.sluice.observability.Dashboard.Panel;
import dev.sluice.observability.Dashboard.Query;
import java.util.ArrayList;
import java.util.List;

/** The dashboards: one of the suite, one of each service. */
final class Dashboards {
  private Dashboards() {}

  static List<Dashboard> all() {
    return List.of(suite(), limiter(), dedup(), pool(), mesh());
  }

  private static Dashboard suite() {
    return new Dashboard(
        "sluice",
        "Sluice",
        "sluice_life_ready",
        List.of(
            panel(
                "Instances that are ready",
                "short",
                "sum by (service) (sluice_life_ready{I})",
                "{{service}}"),
            panel(
                "Processes that are stuck",
                "short",
                "sum by (service) (sluice_life_stuck{I})",
                "{{service}}"),
            panel(
                "Starts in the last hour",
                "short",
                "sum by (service) (changes(process_start_time_seconds{I}[1h]))",
                "{{service}}"),
            panel(
                "Requests",
                "reqps",
                "sum by (service) (rate(http_server_requests_seconds_count{I}[R]))",
                "{{service}}"),
            panel(
                "Answered 5xx",
                "percentunit",
                "sum by (service) (rate(http_server_requests_seconds_count{status=~\"5..\",I}[R]))"
                    + " / sum by (service) (rate(http_server_requests_seconds_count{I}[R]))",
                "{{service}}"),
            panel(
                "99 of 100 answered within",
                "s",
                "histogram_quantile(0.99, sum by (service, le)"
                    + " (rate(http_server_requests_seconds_bucket{I}[R])))",
                "{{service}}"),
            new Panel(
                "Inbox that is the fullest",
                "percentunit",
                List.of(
                    query(fullest("limiter"), "limiter"),
                    query(fullest("dedup"), "dedup"),
                    query(fullest("pool"), "pool"),
                    query(fullest("mesh"), "mesh"))),
            new Panel(
                "Stores that answer",
                "short",
                List.of(
                    query("min by (node) (sluice_limiter_store_up{I})", "limiter {{node}}"),
                    query("min by (node) (sluice_dedup_store_up{I})", "dedup {{node}}"),
                    query("min by (node) (sluice_pool_store_up{I})", "pool {{node}}"),
                    query("min by (node) (sluice_mesh_store_up{I})", "mesh {{node}}"))),
            panel(
                "Slow requests, share of five minutes",
                "percentunit",
                "service:sluice_slow:ratio_rate5m",
                "{{service}}"),
            panel("CPU", "percentunit", "process_cpu_usage{I}", "{{service}} {{instance}}"),
            panel(
                "Heap",
                "bytes",
                "sum by (service, instance) (jvm_memory_used_bytes{area=\"heap\",I})",
                "{{service}} {{instance}}"),
            panel(
                "Open files", "short", "process_files_open_files{I}", "{{service}} {{instance}}")));
  }

  private static Dashboard limiter() {
    return service(
        "rate-limiter-svc",
        "limiter",
        panel(
            "Decisions by result",
            "reqps",
            "sum by (result) (rate(sluice_limiter_decisions_total{I}[R]))",
            "{{result}}"),
        panel(
            "Refused, share by policy",
            "percentunit",
            "sum by (policy) (rate(sluice_limiter_decisions_total{result=\"refused\",I}[R]))"
                + " / sum by (policy) (rate(sluice_limiter_decisions_total{I}[R]))",
            "{{policy}}"),
        panel(
            "Permits granted",
            "short",
            "sum by (policy) (rate(sluice_limiter_permits_total{result=\"granted\",I}[R]))",
            "{{policy}}"),
        new Panel(
            "Leases",
            "reqps",
            List.of(
                query("sum(rate(sluice_limiter_leases_granted_total{I}[R]))", "granted"),
                query("sum(rate(sluice_limiter_leases_refused_total{I}[R]))", "refused"),
                query("sum(rate(sluice_limiter_leases_expired_total{I}[R]))", "expired"))),
        new Panel(
            "Permits out, callers that wait",
            "short",
            List.of(
                query("sum(sluice_limiter_leases_permits_out{I})", "out"),
                query("sum(sluice_limiter_leases_waiting{I})", "wait"))),
        panel(
            "Configuration read",
            "short",
            "sum by (result) (increase(sluice_limiter_policy_loads_total{I}[1h]))",
            "{{result}}"),
        store("limiter", "refused"));
  }

  private static Dashboard dedup() {
    return service(
        "dedup-svc",
        "dedup",
        panel(
            "Sightings by result",
            "reqps",
            "sum by (result) (rate(sluice_dedup_decisions_total{I}[R]))",
            "{{result}}"),
        panel(
            "Duplicates, share",
            "percentunit",
            "sum(rate(sluice_dedup_decisions_total{result=\"duplicate\",I}[R]))"
                + " / sum(rate(sluice_dedup_decisions_total{I}[R]))",
            "duplicates"),
        new Panel(
            "Keys in memory",
            "short",
            List.of(
                query("sluice_dedup_entries{I}", "seen {{instance}}"),
                query("sluice_dedup_claims_entries{I}", "claims {{instance}}"))),
        panel(
            "Keys forgotten too early",
            "short",
            "rate(sluice_dedup_evicted_total{I}[R])",
            "{{instance}}"),
        panel(
            "Claims by answer",
            "reqps",
            "sum by (result) (rate(sluice_dedup_claims_total{I}[R]))",
            "{{result}}"),
        panel(
            "Claims by end",
            "reqps",
            "sum by (result) (rate(sluice_dedup_claims_ended_total{I}[R]))",
            "{{result}}"),
        panel("Callers that wait", "short", "sluice_dedup_claims_waiting{I}", "{{instance}}"),
        panel("Kept responses", "bytes", "sluice_dedup_claims_response_bytes{I}", "{{instance}}"),
        store("dedup", "spared"));
  }

  private static Dashboard pool() {
    return service(
        "worker-pool-svc",
        "pool",
        panel(
            "Queues, how full",
            "percentunit",
            "max by (queue) (sum by (instance, queue) (sluice_pool_jobs{"
                + "state=~\"scheduled|blocked|queued|running|retrying\",I}))"
                + " / max by (queue) (sluice_pool_queue_capacity{I})",
            "{{queue}}"),
        panel(
            "Jobs by state",
            "short",
            "max by (state) (sum by (instance, state) (sluice_pool_jobs{"
                + "state=~\"scheduled|blocked|queued|running|retrying\",I}))",
            "{{state}}"),
        new Panel(
            "Jobs accepted and ended",
            "reqps",
            List.of(
                query("sum(rate(sluice_pool_accepted_total{I}[R]))", "accepted"),
                query("sum(rate(sluice_pool_succeeded_total{I}[R]))", "succeeded"),
                query("sum(rate(sluice_pool_retried_total{I}[R]))", "tried again"),
                query("sum(rate(sluice_pool_failed_total{I}[R]))", "given up"),
                query("sum(rate(sluice_pool_cancelled_total{I}[R]))", "cancelled"))),
        panel(
            "Refused",
            "reqps",
            "sum by (reason) (rate(sluice_pool_refused_total{I}[R]))",
            "{{reason}}"),
        new Panel(
            "Workers and calls",
            "short",
            List.of(
                query("sum(sluice_pool_workers{I})", "workers"),
                query("sum(sluice_pool_calls{I})", "calls"),
                query("sum(sluice_pool_held{I})", "held"))),
        panel(
            "A call takes",
            "s",
            "sum(rate(sluice_pool_call_seconds_total{I}[R]))"
                + " / sum(rate(sluice_pool_calls_made_total{I}[R]))",
            "mean"),
        new Panel(
            "Who waits",
            "short",
            List.of(
                query("sum(sluice_pool_waiting_submits{I})", "submits, for room"),
                query("sum(sluice_pool_waiting_leases{I})", "workers, for jobs"),
                query("sum(sluice_pool_waiting_results{I})", "callers, for results"))),
        new Panel(
            "Trouble",
            "short",
            List.of(
                query("sum(sluice_pool_open_breakers{I})", "hosts left alone"),
                query("sum(sluice_pool_unsaved{I})", "outcomes unsaved"),
                query("sum(sluice_pool_queue_paused{I})", "queues paused"),
                query("sum(increase(sluice_pool_missed_total{I}[1h]))", "times missed"))),
        panel(
            "Payloads of unfinished jobs",
            "bytes",
            "max by (queue) (sluice_pool_queue_bytes{I})",
            "{{queue}}"),
        store("pool", "unasked"));
  }

  private static Dashboard mesh() {
    return service(
        "mesh-svc",
        "mesh",
        panel(
            "Requests by outcome",
            "reqps",
            "sum by (outcome) (rate(sluice_mesh_requests_total{I}[R]))",
            "{{outcome}}"),
        new Panel(
            "Requests in hand",
            "short",
            List.of(
                query("sum(sluice_mesh_in_flight{I})", "in flight"),
                query("sum(sluice_mesh_waiting{I})", "with no worker"),
                query("sum(sluice_mesh_logged{I})", "in the log"))),
        new Panel(
            "Deliveries that were not plain",
            "reqps",
            List.of(
                query("sum(rate(sluice_mesh_redelivered_total{I}[R]))", "redelivered"),
                query("sum(rate(sluice_mesh_stale_total{I}[R]))", "stale"),
                query("sum(rate(sluice_mesh_recovered_total{I}[R]))", "recovered"),
                query("sum(rate(sluice_mesh_given_up_total{I}[R]))", "given up"))),
        panel("Workers by state", "short", "sum by (state) (sluice_mesh_workers{I})", "{{state}}"),
        new Panel(
            "Shards",
            "short",
            List.of(
                query("sum(sluice_mesh_shards{I})", "all"),
                query("sum(sluice_mesh_unowned_shards{I})", "without an owner"))),
        panel(
            "Longest silence of a worker",
            "s",
            "max(sluice_mesh_heartbeat_age_seconds{I})",
            "silence"),
        panel(
            "Members started again",
            "short",
            "sum by (kind) (increase(sluice_mesh_restarts_total{I}[R]))",
            "{{kind}}"),
        new Panel(
            "Owners changed, workers fenced",
            "short",
            List.of(
                query("sum(increase(sluice_mesh_reassignments_total{I}[R]))", "shards moved"),
                query("sum(increase(sluice_mesh_workers_fenced_total{I}[R]))", "fenced"),
                query("sum(sluice_mesh_out_of_service{I})", "out of service"))),
        new Panel(
            "Links",
            "short",
            List.of(
                query("sluice_mesh_linked_workers{I}", "workers of {{instance}}"),
                query("sluice_mesh_supervised{I}", "supervisor of {{instance}}"))),
        store("mesh", "spared"));
  }

  /** What is of interest in every service, after what is of interest in this one. */
  private static Dashboard service(String service, String prefix, Panel... own) {
    var panels = new ArrayList<>(List.of(own));
    String only = "{service=\"" + service + "\",I}";
    panels.add(
        panel(
            "Requests by path and status",
            "reqps",
            "sum by (uri, status) (rate(http_server_requests_seconds_count" + only + "[R]))",
            "{{uri}} {{status}}"));
    panels.add(
        panel(
            "99 of 100 answered within",
            "s",
            "histogram_quantile(0.99, sum by (uri, le) (rate(http_server_requests_seconds_bucket"
                + only
                + "[R])))",
            "{{uri}}"));
    panels.add(
        panel(
            "Values that channels hold",
            "short",
            "sluice_" + prefix + "_channel_depth{I} > 0",
            "{{channel}} {{instance}}"));
    panels.add(
        panel(
            "Longest silence of a process",
            "s",
            "sluice_life_silence_seconds" + only,
            "{{instance}}"));
    return new Dashboard(
        "sluice-" + prefix,
        "Sluice: " + service,
        "sluice_life_ready{service=\"" + service + "\"}",
        panels);
  }

  private static Panel store(String prefix, String spared) {
    String name = "sluice_" + prefix + "_store_";
    return new Panel(
        "Store",
        "ops",
        List.of(
            query("sum(rate(" + name + "asked_total{I}[R]))", "asked"),
            query("sum(rate(" + name + "failed_total{I}[R]))", "failed"),
            query("sum(rate(" + name + spared + "_total{I}[R]))", spared)));
  }

  /** Rendezvous channels hold nothing, and small ones are full at times by design. */
  private static String fullest(String prefix) {
    String name = "sluice_" + prefix + "_channel_";
    return "max(" + name + "depth{I} / (" + name + "capacity{I} >= 1024))";
  }

  private static Panel panel(String title, String unit, String expression, String legend) {
    return new Panel(title, unit, List.of(query(expression, legend)));
  }

  /** {@code I} stands for the chosen instances, {@code [R]} for a window that fits the scrapes. */
  private static Query query(String expression, String legend) {
    return new Query(
        expression
            .replaceAll("([{,])I}", "$1instance=~\"\\$instance\"}")
            .replace("[R]", "[$__rate_interval]"),
        legend);
  }
}
