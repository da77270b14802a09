import { awaited, check, wgetGet } from "./health";
import type { Environment, Service } from "./types";

/** Where the server and its schema job find the two databases. */
export const temporalEnvironment: Environment = {
  DB: "postgres12",
  DB_PORT: "{postgres.port}",
  POSTGRES_SEEDS: "{postgres.host}",
  POSTGRES_USER: "temporal",
  POSTGRES_PWD: "{secret.db-temporal}",
  SQL_TLS_ENABLED: "{postgres.tls}",
  DBNAME: "temporal",
  VISIBILITY_DBNAME: "temporal_visibility",
};

/** Temporal: workflows. Its schema comes from the job `temporal-schema`, the namespace from `temporal-namespace`. */
export const temporal: Service = {
  name: "temporal",
  title: "Temporal",
  layer: "observability",
  owner: "Observability",
  image: "temporal",
  ports: [
    { name: "grpc", container: 7233, protocol: "grpc" },
    { name: "metrics", container: 8000, protocol: "http" },
  ],
  environment: { ...temporalEnvironment, BIND_ON_IP: "0.0.0.0", PROMETHEUS_ENDPOINT: "0.0.0.0:8000" },
  readOnlyRoot: false,
  tmpfs: ["/tmp"],
  size: { cpu: 1, memoryMib: 512 },
  health: check(["sh", "-c", 'temporal operator cluster health --address "$(hostname -i):7233"'], { ...awaited, startPeriodSeconds: 120 }),
  probe: { protocol: "grpc", target: "{temporal.host}:7233", service: "temporal.api.workflowservice.v1.WorkflowService" },
  metrics: { port: 8000, path: "/metrics" },
  cloud: { cpu: 2, memoryMib: 4096, diskGib: 20, replicas: { min: 1, max: 1 } },
  needs: ["grpc"],
  after: ["temporal-schema"],
};

/** Temporal's page for people. */
export const temporalUi: Service = {
  name: "temporal-ui",
  title: "Temporal UI",
  layer: "observability",
  owner: "Observability",
  image: "temporal-ui",
  ports: [{ name: "http", container: 8080, published: 49823, protocol: "http" }],
  environment: { TEMPORAL_ADDRESS: "{temporal.host}:7233", TEMPORAL_UI_PORT: "8080" },
  readOnlyRoot: false,
  tmpfs: ["/tmp"],
  size: { cpu: 0.25, memoryMib: 128 },
  health: check(wgetGet(8080, "/healthz")),
  probe: { protocol: "http", url: "{temporal-ui.url}/healthz" },
  page: "/",
  entry: { visibility: "internal", subdomain: "temporal", port: "http", health: { path: "/healthz" } },
  needs: [],
  after: ["temporal-namespace"],
};
