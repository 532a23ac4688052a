/**
 * Writes what Grafana and Kubernetes read: the dashboards, whose queries stand in {@link
 * dev.sluice.observability.Dashboards}, and the alert rules in the form of the Prometheus Operator.
 *
 * <pre>
 *   Dashboards --> grafana/*.json          prometheus/rules.yml --> kubernetes/prometheusrule.yaml
 * </pre>
 */
@NullMarked
package dev.sluice.observability;

import org.jspecify.annotations.NullMarked;
