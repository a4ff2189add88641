/**
 * Holds what is in k8s/monitoring, and what the docs say of metrics, against what a gateway shows. What Prometheus
 * itself can check is checked by .ci/rules. Open {@link dev.petrel.monitoring.MetricNamesIT}.
 */
package dev.petrel.monitoring;
