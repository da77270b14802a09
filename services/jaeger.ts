import { stringify } from "yaml";

import { awaited, check, wgetGet } from "./health";
import type { Service } from "./types";

const configuration = {
  service: {
    extensions: ["healthcheckv2", "jaeger_storage", "jaeger_query"],
    pipelines: { traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["jaeger_storage_exporter"] } },
    telemetry: {
      metrics: { readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: 8888 } } } }] },
    },
  },
  extensions: {
    healthcheckv2: { use_v2: true, http: { endpoint: "0.0.0.0:13133" } },
    jaeger_storage: { backends: { memory: { memory: { max_traces: 50000 } } } },
    jaeger_query: { storage: { traces: "memory" }, http: { endpoint: "0.0.0.0:16686" }, grpc: { endpoint: "0.0.0.0:16685" } },
  },
  receivers: { otlp: { protocols: { grpc: { endpoint: "0.0.0.0:4317" }, http: { endpoint: "0.0.0.0:4318" } } } },
  processors: { batch: {} },
  exporters: { jaeger_storage_exporter: { trace_storage: "memory" } },
};

/** Jaeger: traces of the applications over OTLP, kept in memory. */
export const jaeger: Service = {
  name: "jaeger",
  title: "Jaeger",
  layer: "observability",
  owner: "Observability",
  image: "jaeger",
  command: ["--config", "/etc/jaeger/config.yaml"],
  ports: [
    { name: "ui", container: 16686, published: 49431, protocol: "http" },
    { name: "otlp-grpc", container: 4317, protocol: "grpc" },
    { name: "otlp-http", container: 4318, protocol: "http" },
    { name: "health", container: 13133, protocol: "http" },
    { name: "metrics", container: 8888, protocol: "http" },
  ],
  environment: {},
  files: [{ path: "/etc/jaeger/config.yaml", content: stringify(configuration) }],
  readOnlyRoot: true,
  tmpfs: ["/tmp"],
  size: { cpu: 0.5, memoryMib: 512 },
  health: check(wgetGet(13133, "/status"), awaited),
  probe: { protocol: "http", url: "http://{jaeger.host}:13133/status" },
  metrics: { port: 8888, path: "/metrics" },
  page: "/",
  cloud: { cpu: 1, memoryMib: 4096, diskGib: 20, replicas: { min: 1, max: 1 } },
  entry: { visibility: "internal", subdomain: "jaeger", port: "ui", health: { port: "health", path: "/status" } },
  needs: [],
  after: [],
};
