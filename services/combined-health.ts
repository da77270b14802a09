import { check } from "./health";
import type { Environment, Probe, Service } from "./types";

const port = 8010;

/** The combined health endpoint: asks every deployed service in its own protocol. */
export function combinedHealth(deployed: readonly Service[]): Service {
  const probed = deployed.flatMap((service) => (service.probe === undefined ? [] : [{ service, probe: service.probe }]));
  const passwords: Environment = Object.fromEntries(
    probed.flatMap(({ probe }) => ("password" in probe ? [[passwordVariable(probe.password), `{secret.${probe.password}}`]] : [])),
  );
  const checks = probed.map(({ service, probe }) => ({ service: service.name, layer: service.layer, ...question(probe) }));
  return {
    name: "health",
    title: "Combined health",
    layer: "observability",
    owner: "Observability",
    image: "ops",
    command: ["serve"],
    user: "1000",
    ports: [{ name: "http", container: port, published: port, protocol: "http" }],
    environment: {
      OPS_CONFIG: JSON.stringify({ stack: "{stack.name}", interval_seconds: 5, timeout_seconds: 4, checks }),
      ...passwords,
    },
    readOnlyRoot: true,
    tmpfs: ["/tmp"],
    size: { cpu: 0.5, memoryMib: 192 },
    // Its own liveness: that a service is down must not make the messenger unhealthy.
    health: check(["python", "-m", "common.probe", `http://127.0.0.1:${port}/live`]),
    metrics: { port, path: "/metrics" },
    page: "/health",
    entry: { visibility: "internal", subdomain: "health", port: "http", health: { path: "/live" } },
    needs: [],
    after: [],
  };
}

const passwordVariable = (secret: string): string => `OPS_SECRET_${secret.toUpperCase().replaceAll("-", "_")}`;

function question(probe: Probe): object {
  switch (probe.protocol) {
    case "http":
      return { protocol: "http", url: probe.url, ...(probe.headers === undefined ? {} : { headers: probe.headers }) };
    case "postgres":
      return { protocol: "postgres", host: probe.host, port: probe.port, user: probe.user, database: probe.database, password_env: passwordVariable(probe.password) };
    case "redis":
      return { protocol: "redis", host: probe.host, port: probe.port, tls: probe.tls, password_env: passwordVariable(probe.password) };
    case "kafka":
      return { protocol: "kafka", bootstrap: probe.bootstrap };
    case "grpc":
      return { protocol: "grpc", target: probe.target, service_name: probe.service };
  }
}
