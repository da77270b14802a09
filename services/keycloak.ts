import { awaited, bashGet, check } from "./health";
import type { Service } from "./types";

/** Keycloak: OIDC server. Listens on the guide's port inside too; its realm comes from the job `realm`. */
export const keycloak: Service = {
  name: "keycloak",
  title: "Keycloak",
  layer: "control",
  owner: "ControlPlane",
  image: "keycloak",
  command: ["start"],
  ports: [
    { name: "http", container: 20880, published: 20880, protocol: "http" },
    { name: "management", container: 9000, protocol: "http" },
  ],
  environment: {
    KC_DB: "postgres",
    KC_DB_URL: "jdbc:postgresql://{postgres.host}:{postgres.port}/keycloak",
    KC_DB_USERNAME: "keycloak",
    KC_DB_PASSWORD: "{secret.db-keycloak}",
    KC_HTTP_ENABLED: "true",
    KC_HTTP_PORT: "20880",
    KC_HTTP_MANAGEMENT_PORT: "9000",
    KC_HEALTH_ENABLED: "true",
    KC_METRICS_ENABLED: "true",
    KC_HOSTNAME_STRICT: "false",
    KC_CACHE: "local",
    KC_BOOTSTRAP_ADMIN_USERNAME: "admin",
    KC_BOOTSTRAP_ADMIN_PASSWORD: "{secret.keycloak-admin}",
    JAVA_OPTS_KC_HEAP: "-Xms128m -Xmx512m",
  },
  // Quarkus rewrites its build under /opt/keycloak when an option of the build differs.
  readOnlyRoot: false,
  tmpfs: ["/tmp"],
  size: { cpu: 2, memoryMib: 1024 },
  health: check(bashGet(9000, "/health/ready"), { ...awaited, startPeriodSeconds: 240 }),
  probe: { protocol: "http", url: "http://{keycloak.host}:9000/health/ready" },
  metrics: { port: 9000, path: "/metrics" },
  page: "/",
  liveness: { port: "management", path: "/health/live" },
  cloud: { cpu: 2, memoryMib: 4096, diskGib: 20, replicas: { min: 1, max: 1 } },
  entry: { visibility: "public", subdomain: "auth", port: "http", health: { port: "management", path: "/health/ready" } },
  needs: [],
  after: ["roles"],
};
