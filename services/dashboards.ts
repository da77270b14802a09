import type { Layer, Service } from "./types";

const layers: readonly Layer[] = ["control", "cognitive", "memory", "infrastructure", "observability"];

/** A dashboard file for each layer that has a service, as Grafana provisions them. */
export function dashboards(deployed: readonly Service[]): { readonly name: string; readonly content: string }[] {
  return layers
    .map((layer) => ({ layer, services: deployed.filter((service) => service.layer === layer) }))
    .filter(({ services }) => services.length > 0)
    .map(({ layer, services }) => ({ name: `${layer}.json`, content: `${JSON.stringify(dashboard(layer, services), undefined, 2)}\n` }));
}

function dashboard(layer: Layer, services: readonly Service[]): object {
  const selector = `service=~"${services.map((service) => service.name).join("|")}"`;
  const overview = [
    panel(1, "Healthy", "stat", 0, 0, 12, `somastack_service_up{${selector}}`, "{{service}}"),
    panel(2, "Probe latency (95 of 100)", "timeseries", 12, 0, 12,
      `histogram_quantile(0.95, sum by (service, le) (rate(somastack_probe_duration_seconds_bucket{${selector}}[5m])))`, "{{service}}", "s"),
    panel(3, "Probe failures", "timeseries", 0, 8, 12, `sum by (service) (rate(somastack_probe_failures_total{${selector}}[5m]))`, "{{service}}"),
  ];
  const jobs = services.filter((service) => service.metrics !== undefined).map((service) => service.name).join("|");
  const processes = jobs === "" ? [] : [
    panel(4, "Memory", "timeseries", 12, 8, 12, `process_resident_memory_bytes{job=~"${jobs}"}`, "{{job}}", "bytes"),
    panel(5, "CPU", "timeseries", 0, 16, 12, `rate(process_cpu_seconds_total{job=~"${jobs}"}[5m])`, "{{job}}"),
    panel(6, "Scrapes", "timeseries", 12, 16, 12, `up{job=~"${jobs}"}`, "{{job}}"),
  ];
  return {
    uid: `somastack-${layer}`,
    title: `SomaStack: ${layer}`,
    tags: ["somastack"],
    timezone: "browser",
    schemaVersion: 39,
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    panels: [...overview, ...processes],
  };
}

function panel(id: number, title: string, type: string, x: number, y: number, w: number, expression: string, legend: string, unit = "short"): object {
  return {
    id, title, type,
    datasource: { type: "prometheus", uid: "prometheus" },
    gridPos: { x, y, w, h: 8 },
    fieldConfig: { defaults: { unit }, overrides: [] },
    targets: [{ refId: "A", expr: expression, legendFormat: legend }],
  };
}
