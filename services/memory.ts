import { guideMinimum } from "./cloud-sizes";
import { awaited, check, pythonGet } from "./health";
import type { Environment, Service } from "./types";

/** What every process of the memory image reads: the guide's names, and the names of the code. */
export const memoryEnvironment: Environment = {
  SA01_DEPLOYMENT_MODE: "{setting.deploymentMode}",
  SOMASTACK_SOFTWARE_MODE: "{setting.softwareMode}",
  SOMA_API_PORT: "10101",
  SOMA_DB_HOST: "{postgres.host}",
  SOMA_DB_PORT: "{postgres.port}",
  SOMA_DB_NAME: "somafractalmemory",
  SOMA_DB_USER: "somafractalmemory",
  SOMA_DB_PASSWORD: "{secret.db-somafractalmemory}",
  SOMA_REDIS_HOST: "{redis.host}",
  SOMA_REDIS_PORT: "{redis.port}",
  SOMA_REDIS_SSL: "{redis.tls}",
  SOMA_REDIS_PASSWORD: "{secret.redis-password}",
  MILVUS_HOST: "{milvus.host}",
  MILVUS_PORT: "{milvus.port}",
  SOMA_MILVUS_HOST: "{milvus.host}",
  SOMA_MILVUS_PORT: "{milvus.port}",
  OPA_URL: "{opa.url}",
  SOMA_OPA_URL: "{opa.url}",
  SOMA_MEMORY_API_TOKEN: "{secret.memory-api-token}",
  SOMA_API_TOKEN: "{secret.memory-api-token}",
  SECRET_KEY: "{secret.secret-key}",
  SOMA_SECRET_KEY: "{secret.secret-key}",
  ALLOWED_HOSTS: "{stack.allowedHosts}",
  SOMA_ALLOWED_HOSTS: "{stack.allowedHosts}",
  DEBUG: "{setting.debug}",
  SOMA_DEBUG: "{setting.debug}",
  OTLP_ENDPOINT: "{jaeger.otlpUrl}",
};

/** SomaFractalMemory: vector memory. */
export const memory: Service = {
  name: "memory",
  title: "SomaFractalMemory",
  layer: "memory",
  owner: "Memory",
  image: "memory",
  user: "1000",
  ports: [{ name: "http", container: 10101, published: 10101, protocol: "http" }],
  aliases: ["somafractalmemory"],
  environment: { ...memoryEnvironment, OTEL_SERVICE_NAME: "memory" },
  readOnlyRoot: true,
  tmpfs: ["/tmp"],
  size: { cpu: 2, memoryMib: 1024 },
  health: check(pythonGet(10101, "/healthz", "somafractalmemory"), { ...awaited, startPeriodSeconds: 120 }),
  probe: { protocol: "http", url: "{memory.url}/healthz", headers: { Host: "somafractalmemory" } },
  metrics: { port: 10101, path: "/metrics" },
  page: "/ping",
  liveness: { port: "http", path: "/ping", host: "somafractalmemory" },
  cloud: { ...guideMinimum, replicas: { min: 2, max: 6 } },
  needs: [],
  after: ["migrate-agent", "milvus", "redis", "jaeger"],
};
