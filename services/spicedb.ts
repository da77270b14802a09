import { awaited, check } from "./health";
import type { Service } from "./types";

/** SpiceDB: permissions. Its datastore comes from the job `spicedb-migrate`, its schema from `spicedb-schema`. */
export const spicedb: Service = {
  name: "spicedb",
  title: "SpiceDB",
  layer: "control",
  owner: "ControlPlane",
  image: "spicedb",
  command: ["serve", "--grpc-addr=:20051", "--metrics-addr=:9090", "--telemetry-endpoint=", "--log-format=json"],
  ports: [
    { name: "grpc", container: 20051, published: 20051, protocol: "grpc" },
    { name: "metrics", container: 9090, protocol: "http" },
  ],
  environment: {
    SPICEDB_GRPC_PRESHARED_KEY: "{secret.spicedb-key}",
    SPICEDB_DATASTORE_ENGINE: "postgres",
    SPICEDB_DATASTORE_CONN_URI: "{secret.spicedb-dsn}",
  },
  readOnlyRoot: true,
  tmpfs: ["/tmp"],
  size: { cpu: 1, memoryMib: 256 },
  health: check(["grpc_health_probe", "-addr=127.0.0.1:20051"], awaited),
  probe: { protocol: "grpc", target: "{spicedb.host}:{spicedb.port}", service: "" },
  metrics: { port: 9090, path: "/metrics" },
  cloud: { cpu: 1, memoryMib: 2048, diskGib: 20, replicas: { min: 2, max: 4 } },
  needs: ["grpc"],
  after: ["spicedb-migrate"],
};
