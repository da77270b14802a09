import { stringify } from "yaml";

import { check, wgetGet } from "./health";
import type { Service } from "./types";

/** Scrape configuration: one job a service, from the catalog. */
export function scrapeConfiguration(deployed: readonly Service[]): string {
  const jobs = deployed
    .flatMap((service) => (service.metrics === undefined ? [] : [{ service, metrics: service.metrics }]))
    .map(({ service, metrics }) => ({
      job_name: service.name,
      metrics_path: metrics.path,
      static_configs: [{ targets: [`{${service.name}.host}:${metrics.port}`], labels: { layer: service.layer } }],
    }));
  return stringify({
    global: { scrape_interval: "15s", evaluation_interval: "15s" },
    rule_files: ["/etc/prometheus/rules.yml"],
    scrape_configs: [{ job_name: "prometheus", static_configs: [{ targets: ["localhost:9090"], labels: { layer: "observability" } }] }, ...jobs],
  });
}

/** Alert rules: what wakes somebody. */
export function alertRules(deployed: readonly Service[]): string {
  const rules = [
    alert("ServiceDown", "somastack_service_up == 0", "1m", "critical", "{{ $labels.service }} does not answer its health probe"),
    alert("ScrapeFailing", "up == 0", "3m", "warning", "metrics of {{ $labels.job }} cannot be read"),
    alert(
      "ServiceSlow",
      "histogram_quantile(0.95, sum by (service, le) (rate(somastack_probe_duration_seconds_bucket[5m]))) > 1",
      "5m", "warning", "95 of 100 probes of {{ $labels.service }} take longer than a second",
    ),
    alert("ServiceFlapping", "changes(somastack_service_up[15m]) > 4", "0m", "warning", "{{ $labels.service }} keeps changing its health"),
    ...(deployed.some((service) => service.name === "health")
      ? [alert("HealthEndpointGone", 'absent(up{job="health"} == 1)', "2m", "critical", "the combined health endpoint is gone")]
      : []),
    ...(deployed.some((service) => service.name === "spicedb")
      ? [alert("PermissionErrors", 'sum(rate(grpc_server_handled_total{job="spicedb",grpc_code=~"Internal|Unavailable|Unknown"}[5m])) > 0.1', "5m", "warning", "SpiceDB answers with errors")]
      : []),
  ];
  return stringify({ groups: [{ name: "somastack", rules }] });
}

function alert(name: string, expression: string, duration: string, severity: string, summary: string): object {
  return { alert: name, expr: expression, for: duration, labels: { severity }, annotations: { summary } };
}

/** Prometheus: metrics and alert rules. */
export function prometheus(deployed: readonly Service[]): Service {
  return {
    name: "prometheus",
    title: "Prometheus",
    layer: "observability",
    owner: "Observability",
    image: "prometheus",
    command: [
      "--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus", "--storage.tsdb.retention.time=15d",
      "--web.listen-address=:9090",
    ],
    ports: [{ name: "http", container: 9090, published: 49090, protocol: "http" }],
    environment: {},
    files: [
      { path: "/etc/prometheus/prometheus.yml", content: scrapeConfiguration(deployed) },
      { path: "/etc/prometheus/rules.yml", content: alertRules(deployed) },
    ],
    volumes: [{ name: "prometheus", path: "/prometheus", sizeGib: 10 }],
    readOnlyRoot: true,
    tmpfs: ["/tmp"],
    size: { cpu: 0.5, memoryMib: 512 },
    health: check(wgetGet(9090, "/-/ready")),
    probe: { protocol: "http", url: "{prometheus.url}/-/ready" },
    page: "/",
    cloud: { cpu: 1, memoryMib: 4096, diskGib: 20, replicas: { min: 1, max: 1 } },
    entry: { visibility: "internal", subdomain: "prometheus", port: "http", health: { path: "/-/ready" } },
    needs: ["persistent-disk"],
    after: [],
  };
}
