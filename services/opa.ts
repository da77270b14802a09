import { asset } from "./asset";
import { check } from "./health";
import type { Service } from "./types";

const question = 'http.send({"method": "get", "url": "http://127.0.0.1:20181/health", "raise_error": false}).status_code = 200';

/** Open Policy Agent. Its policies are namespaced, since agent and brain use the same names with opposite defaults. */
export const opa: Service = {
  name: "opa",
  title: "Open Policy Agent",
  layer: "control",
  owner: "ControlPlane",
  image: "opa",
  command: ["run", "--server", "--addr=:20181", "--log-level=info", "/policies"],
  user: "1000:1000",
  ports: [{ name: "http", container: 20181, published: 20181, protocol: "http" }],
  environment: {},
  files: [
    { path: "/policies/soma/agent.rego", content: asset("agent.rego") },
    { path: "/policies/soma/brain.rego", content: asset("brain.rego") },
    { path: "/policies/soma/data.json", content: '{"denied_tools": []}\n' },
  ],
  readOnlyRoot: true,
  tmpfs: ["/tmp"],
  size: { cpu: 0.5, memoryMib: 256 },
  // The image has neither shell nor client: OPA asks itself.
  health: check(["/opa", "eval", "--fail", question]),
  probe: { protocol: "http", url: "{opa.url}/health" },
  metrics: { port: 20181, path: "/metrics" },
  liveness: { port: "http", path: "/health" },
  cloud: { cpu: 0.5, memoryMib: 1024, diskGib: 20, replicas: { min: 2, max: 4 } },
  needs: [],
  after: [],
};
