import { agentEnvironment } from "./agent-environment";
import { asset } from "./asset";
import { brainEnvironment } from "./brain";
import { memoryEnvironment } from "./memory";
import { bucket } from "./minio";
import { databases } from "./secrets";
import { temporalEnvironment } from "./temporal";
import { topics } from "./topics";
import type { Environment, Job, Owner } from "./types";

/** A job of the operations image: its configuration is JSON, its secrets are variables of their own. */
function operation(name: string, owner: Owner, command: string, configuration: object, environment: Environment, after: readonly string[]): Job {
  return {
    name,
    owner,
    image: "ops",
    command: [command],
    environment: { OPS_CONFIG: JSON.stringify(configuration), ...environment },
    user: "1000",
    readOnlyRoot: true,
    tmpfs: ["/tmp"],
    size: { cpu: 1, memoryMib: 192 },
    timeoutSeconds: 180,
    after,
  };
}

/** Roles and databases of PostgreSQL: one for each user of it. */
export const roles = operation(
  "roles", "DatabaseMigrations", "roles",
  {
    host: "{postgres.host}", port: "{postgres.port}", user: "{postgres.user}", database: "{postgres.database}", password_env: "ADMIN_PASSWORD",
    roles: [
      { role: "{agent.user}", database: "{agent.database}", password_env: "AGENT_PASSWORD" },
      ...databases.map((name) => ({ role: name, database: name, password_env: `${name.toUpperCase()}_PASSWORD` })),
      { role: "temporal", database: "temporal_visibility", password_env: "TEMPORAL_PASSWORD" },
    ],
  },
  {
    ADMIN_PASSWORD: "{secret.postgres-admin}",
    AGENT_PASSWORD: "{secret.db-agent}",
    ...Object.fromEntries(databases.map((name) => [`${name.toUpperCase()}_PASSWORD`, `{secret.db-${name}}`])),
  },
  ["postgres"],
);

/** A step of the migration chain: the image's entrypoint, which would migrate and serve, is bypassed. */
function migration(name: string, image: "agent" | "brain" | "memory", environment: Environment, after: readonly string[]): Job {
  return {
    name,
    owner: "DatabaseMigrations",
    image,
    entrypoint: ["python", "manage.py", "migrate", "--noinput"],
    // PROD is enforced whatever the stack's mode: the "Perfect Startup" of the guide, section 4.
    environment: { ...environment, SA01_DEPLOYMENT_MODE: "PROD" },
    user: "1000",
    readOnlyRoot: true,
    tmpfs: ["/tmp", "/app/logs:uid=1000,gid=1000"],
    size: { cpu: 1, memoryMib: 512 },
    timeoutSeconds: 900,
    migrates: true,
    after,
  };
}

/** Memory -> Brain -> Agent, in strict order; applications start after the last. */
export const migrateMemory = migration("migrate-memory", "memory", memoryEnvironment, ["roles"]);
export const migrateBrain = migration("migrate-brain", "brain", brainEnvironment, ["roles", "migrate-memory"]);
export const migrateAgent = migration("migrate-agent", "agent", agentEnvironment, ["roles", "migrate-memory", "migrate-brain"]);

/** Kafka's topics: none is created by accident. */
export const kafkaTopics = operation(
  "topics", "DataTier", "topics",
  { bootstrap: "{kafka.bootstrap}", topics: topics.map((name) => ({ name, partitions: 3, replication: "{kafka.replication}" })) },
  {}, ["kafka"],
);

/** The bucket for file uploads and Milvus. */
export const objectBucket = operation(
  "bucket", "DataTier", "bucket",
  { endpoint: "{minio.url}", region: "us-east-1", access_key_env: "ACCESS_KEY", secret_key_env: "SECRET_KEY", buckets: [bucket] },
  { ACCESS_KEY: "{secret.minio-access-key}", SECRET_KEY: "{secret.minio-secret-key}" },
  ["minio"],
);

/** Keycloak's realm and the agent's client. */
export const realm = operation(
  "realm", "ControlPlane", "realm",
  {
    url: "{keycloak.url}", admin_user: "admin", password_env: "ADMIN_PASSWORD", realm: "{setting.keycloakRealm}",
    client_id: "{setting.keycloakClientId}", client_secret_env: "CLIENT_SECRET", redirect_uris: ["{gateway.publicUrl}/*", "{admin.publicUrl}/*"],
  },
  { ADMIN_PASSWORD: "{secret.keycloak-admin}", CLIENT_SECRET: "{secret.keycloak-client}" },
  ["keycloak"],
);

/** SpiceDB's datastore. */
export const spicedbMigrate: Job = {
  name: "spicedb-migrate",
  owner: "ControlPlane",
  image: "spicedb",
  command: ["datastore", "migrate", "head"],
  environment: { SPICEDB_DATASTORE_ENGINE: "postgres", SPICEDB_DATASTORE_CONN_URI: "{secret.spicedb-dsn}" },
  readOnlyRoot: true,
  tmpfs: ["/tmp"],
  size: { cpu: 1, memoryMib: 256 },
  timeoutSeconds: 300,
  migrates: true,
  after: ["roles"],
};

/** SpiceDB's permissions schema. */
export const spicedbSchema = operation(
  "spicedb-schema", "ControlPlane", "schema",
  { target: "{spicedb.host}:{spicedb.port}", key_env: "SPICEDB_KEY", insecure: true },
  { SPICEDB_KEY: "{secret.spicedb-key}", OPS_SCHEMA: asset("schema.zed") },
  ["spicedb"],
);

const schemaFolder = "/etc/temporal/schema/postgresql/v12";
const sqlTool = 'temporal-sql-tool --plugin postgres12 --endpoint "$POSTGRES_SEEDS" --port "$DB_PORT" --user "$POSTGRES_USER" --password "$POSTGRES_PWD"';

/** Temporal's two schemas. `setup-schema` is refused on a database that has one, so it runs only on an empty one. */
export const temporalSchema: Job = {
  name: "temporal-schema",
  owner: "Observability",
  image: "temporal",
  entrypoint: ["sh", "-ec"],
  command: [
    [["$DBNAME", "temporal"], ["$VISIBILITY_DBNAME", "visibility"]]
      .map(([database, folder]) =>
        `${sqlTool} --db "${database}" update-schema --schema-dir ${schemaFolder}/${folder}/versioned || ` +
        `{ ${sqlTool} --db "${database}" setup-schema --version 0.0 && ${sqlTool} --db "${database}" update-schema --schema-dir ${schemaFolder}/${folder}/versioned; }`)
      .join("\n"),
  ],
  environment: temporalEnvironment,
  readOnlyRoot: false,
  tmpfs: ["/tmp"],
  size: { cpu: 1, memoryMib: 256 },
  timeoutSeconds: 300,
  migrates: true,
  after: ["roles"],
};

/** Temporal's default namespace. */
export const temporalNamespace = operation(
  "temporal-namespace", "Observability", "namespace", { target: "{temporal.host}:7233", namespace: "default" }, {}, ["temporal"],
);
