import { agentEnvironment } from "./agent-environment";
import { guideMinimum } from "./cloud-sizes";
import { check, pythonGet } from "./health";
import type { Service } from "./types";

const port = 9000;

/** An instance of the agent's web process: the gateway for users, the admin API for operators. */
function instance(name: "gateway" | "admin", title: string, published: number, memoryMib: number): Service {
  return {
    name,
    title,
    layer: "control",
    owner: "ControlPlane",
    image: "agent",
    user: "1000",
    ports: [{ name: "http", container: port, published, protocol: "http" }],
    environment: { ...agentEnvironment, SAGENTA_PORT: String(port), OTEL_SERVICE_NAME: name },
    readOnlyRoot: true,
    tmpfs: ["/tmp"],
    size: { cpu: 2, memoryMib },
    health: check(pythonGet(port, "/api/v2/core/health/ready", name), { startPeriodSeconds: 120, intervalSeconds: 3 }),
    probe: { protocol: "http", url: `{${name}.url}/api/v2/core/health/ready`, headers: { Host: `{${name}.virtualHost}` } },
    page: "/api/health/",
    liveness: { port: "http", path: "/api/health/", host: name },
    // The guide's minimum for a service on Fargate, section 3.2.
    cloud: { ...guideMinimum, replicas: { min: 2, max: name === "gateway" ? 10 : 4 } },
    entry: { visibility: "public", subdomain: name === "gateway" ? "" : name, port: "http", health: { path: "/api/v2/core/health/ready", host: name } },
    needs: name === "gateway" ? ["websocket"] : [],
    after: ["migrate-agent", "realm", "spicedb-schema", "opa", "redis", "topics", "brain", "memory", "jaeger"],
  };
}

/** Main entry: HTTP and WebSocket. */
export const gateway = instance("gateway", "Gateway", 20020, 1536);

/** Django Ninja admin APIs: the gateway's image and process, a second instance. */
export const admin = instance("admin", "Admin API", 20042, 768);
