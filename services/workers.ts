import { agentEnvironment } from "./agent-environment";
import { check, pythonGet } from "./health";
import type { Service } from "./types";

/** A Kafka consumer of the agent image. */
function worker(name: string, title: string, module: string, metricsPort: number, cpu: number, memoryMib: number): Service {
  return {
    name,
    title,
    layer: "control",
    owner: "ControlPlane",
    image: "agent",
    entrypoint: ["python", "-m", module],
    user: "1000",
    ports: [{ name: "metrics", container: metricsPort, protocol: "http" }],
    environment: {
      ...agentEnvironment,
      SA01_WORKER_GATEWAY_BASE: "{gateway.url}",
      OTEL_SERVICE_NAME: name,
    },
    readOnlyRoot: true,
    tmpfs: ["/tmp"],
    size: { cpu, memoryMib },
    // The metrics page is what every build of the worker offers.
    health: check(pythonGet(metricsPort, "/metrics", name)),
    probe: { protocol: "http", url: `http://{${name}.host}:${metricsPort}/metrics` },
    metrics: { port: metricsPort, path: "/metrics" },
    cloud: { cpu: 1, memoryMib: 2048, diskGib: 20, replicas: { min: 2, max: 8 } },
    needs: [],
    after: ["migrate-agent", "realm", "spicedb-schema", "opa", "redis", "topics", "jaeger"],
  };
}

export const conversationWorker = worker("conversation-worker", "Conversation worker", "services.conversation_worker.main", 9091, 1, 512);
export const toolExecutor = worker("tool-executor", "Tool executor", "services.tool_executor.main", 9090, 1, 512);
export const memoryReplicator = worker("memory-replicator", "Memory replicator", "services.memory_replicator.main", 9403, 0.5, 384);
