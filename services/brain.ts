import { guideMinimum } from "./cloud-sizes";
import { awaited, check, pythonGet } from "./health";
import type { Environment, Service } from "./types";

/** What every process of the brain image reads: the guide's names, and the names of the code. */
export const brainEnvironment: Environment = {
  SA01_DEPLOYMENT_MODE: "{setting.deploymentMode}",
  SOMASTACK_SOFTWARE_MODE: "{setting.softwareMode}",
  SOMABRAIN_POSTGRES_DSN: "{secret.brain-dsn}",
  SOMABRAIN_REDIS_URL: "{secret.redis-url}",
  SOMABRAIN_JWT_SECRET: "{secret.secret-key}",
  SOMABRAIN_OPA_URL: "{opa.url}",
  OPA_URL: "{opa.url}",
  SOMABRAIN_KAFKA_URL: "{kafka.bootstrap}",
  KAFKA_BOOTSTRAP_SERVERS: "{kafka.bootstrap}",
  SOMABRAIN_MEMORY_HTTP_ENDPOINT: "{memory.url}",
  SOMAMEMORY_API_URL: "{memory.url}",
  SOMABRAIN_MEMORY_HTTP_TOKEN: "{secret.memory-api-token}",
  SOMA_MEMORY_API_TOKEN: "{secret.memory-api-token}",
  MILVUS_HOST: "{milvus.host}",
  MILVUS_PORT: "{milvus.port}",
  SUPERVISOR_HTTP_PASS: "{secret.supervisor-password}",
  ALLOWED_HOSTS: "{stack.allowedHosts}",
  DEBUG: "{setting.debug}",
  SECRET_KEY: "{secret.secret-key}",
  OTLP_ENDPOINT: "{jaeger.otlpUrl}",
};

/** SomaBrain: cognition. */
export const brain: Service = {
  name: "brain",
  title: "SomaBrain",
  layer: "cognitive",
  owner: "Brain",
  image: "brain",
  user: "1000",
  ports: [{ name: "http", container: 30101, published: 30101, protocol: "http" }],
  aliases: ["somabrain"],
  environment: { ...brainEnvironment, OTEL_SERVICE_NAME: "brain" },
  readOnlyRoot: true,
  tmpfs: ["/tmp", "/app/logs:uid=1000,gid=1000"],
  size: { cpu: 2, memoryMib: 1024 },
  health: check(pythonGet(30101, "/readyz", "somabrain"), { ...awaited, startPeriodSeconds: 120 }),
  probe: { protocol: "http", url: "{brain.url}/readyz", headers: { Host: "somabrain" } },
  metrics: { port: 30101, path: "/metrics" },
  page: "/healthz",
  liveness: { port: "http", path: "/healthz", host: "somabrain" },
  cloud: { ...guideMinimum, replicas: { min: 2, max: 6 } },
  needs: [],
  after: ["migrate-agent", "memory", "topics", "opa", "redis", "jaeger"],
};

/** Publishes SomaBrain's outbox to Kafka. It has no port; its container is healthy while it keeps its process. */
export const brainOutbox: Service = {
  name: "brain-outbox",
  title: "SomaBrain outbox",
  layer: "cognitive",
  owner: "Brain",
  image: "brain",
  command: ["python", "-m", "somabrain.workers.outbox_publisher"],
  user: "1000",
  ports: [],
  environment: { ...brainEnvironment, OTEL_SERVICE_NAME: "brain-outbox" },
  readOnlyRoot: true,
  tmpfs: ["/tmp", "/app/logs:uid=1000,gid=1000"],
  size: { cpu: 0.5, memoryMib: 256 },
  // The image offers nothing to ask: the publisher ends with a failure when it loses its database, so its being there counts.
  health: check(["python", "-c", "import sys; sys.exit(b'outbox_publisher' not in open('/proc/1/cmdline', 'rb').read())"], { intervalSeconds: 10 }),
  needs: [],
  after: ["migrate-agent", "topics"],
};
