import { awaited, check } from "./health";
import type { Service } from "./types";

/** PostgreSQL 16: one server; a database and a role for each user of it come from the job `roles`. */
export const postgres: Service = {
  name: "postgres",
  title: "PostgreSQL",
  layer: "infrastructure",
  owner: "DataTier",
  image: "postgres",
  command: ["postgres", "-c", "wal_level=logical", "-c", "max_connections=200", "-c", "shared_buffers=128MB"],
  user: "postgres",
  ports: [{ name: "postgres", container: 5432, published: 5432, protocol: "tcp" }],
  environment: {
    POSTGRES_USER: "postgres",
    POSTGRES_PASSWORD: "{secret.postgres-admin}",
    POSTGRES_DB: "postgres",
    PGDATA: "/var/lib/postgresql/data/pgdata",
  },
  volumes: [{ name: "postgres", path: "/var/lib/postgresql/data", sizeGib: 20 }],
  readOnlyRoot: true,
  tmpfs: ["/tmp", "/var/run/postgresql:uid=70,gid=70"],
  size: { cpu: 1, memoryMib: 768 },
  // Over TCP: while the image initialises its data folder the server listens on the socket only.
  health: check(["pg_isready", "-h", "127.0.0.1", "-U", "postgres"], { ...awaited, intervalSeconds: 1 }),
  probe: { protocol: "postgres", host: "{postgres.host}", port: "{postgres.port}", user: "{agent.user}", database: "{agent.database}", password: "db-agent" },
  data: { kind: "postgres", password: "postgres-admin", probed: true },
  needs: ["persistent-disk"],
  after: [],
};
