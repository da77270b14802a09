import type { SettingKey } from "../settings/definitions";

/** How a secret comes to be. A setting that the user gave wins over generating. */
export type SecretRecipe =
  /** 32 letters and digits: the applications do not decode others. */
  | {
      readonly kind: "password";
      readonly setting?: SettingKey;
      /** The service that takes it at its very first start only, and keeps it with its data. */
      readonly initial?: "postgres" | "keycloak" | "grafana";
    }
  /** A Fernet key: 32 random bytes, URL-safe base64. */
  | { readonly kind: "fernet" }
  /** Only from the setting; absent when it is not set. */
  | { readonly kind: "setting"; readonly setting: SettingKey }
  /** Text around other secrets, such as a connection string; the setting, when external, replaces it whole. */
  | { readonly kind: "text"; readonly template: string; readonly setting?: SettingKey };

/** The databases of the platform: one role each, named after the database but for the agent's, which the guide names. */
export const databases = ["somabrain", "somafractalmemory", "keycloak", "spicedb", "temporal"] as const;

/** Every secret by name. References in environments are `{secret.NAME}`. */
export const secrets: Readonly<Record<string, SecretRecipe>> = {
  "postgres-admin": { kind: "password", initial: "postgres" },
  "db-agent": { kind: "password", setting: "dbPassword" },
  ...Object.fromEntries(databases.map((name) => [`db-${name}`, { kind: "password" } as const])),
  "agent-dsn": { kind: "text", setting: "dbDsn", template: "postgresql://{agent.user}:{secret.db-agent}@{postgres.host}:{postgres.port}/{agent.database}" },
  "brain-dsn": { kind: "text", template: "postgresql://somabrain:{secret.db-somabrain}@{postgres.host}:{postgres.port}/somabrain" },
  "spicedb-dsn": { kind: "text", template: "postgresql://spicedb:{secret.db-spicedb}@{postgres.host}:{postgres.port}/spicedb?sslmode={postgres.sslmode}" },
  "redis-password": { kind: "password" },
  "redis-url": { kind: "text", setting: "redisUrl", template: "{redis.scheme}://:{secret.redis-password}@{redis.host}:{redis.port}/0" },
  "keycloak-admin": { kind: "password", initial: "keycloak" },
  "keycloak-client": { kind: "password", setting: "keycloakClientSecret" },
  "spicedb-key": { kind: "password", setting: "spicedbApiKey" },
  "minio-access-key": { kind: "password" },
  "minio-secret-key": { kind: "password" },
  "secret-key": { kind: "password", setting: "secretKey" },
  "memory-api-token": { kind: "password", setting: "memoryApiToken" },
  "gateway-internal-token": { kind: "password" },
  "auth-jwt-secret": { kind: "password" },
  "auth-internal-token": { kind: "password" },
  "crypto-fernet-key": { kind: "fernet" },
  "supervisor-password": { kind: "password" },
  "grafana-admin": { kind: "password", initial: "grafana" },
  "openai-api-key": { kind: "setting", setting: "openaiApiKey" },
  "anthropic-api-key": { kind: "setting", setting: "anthropicApiKey" },
  "lago-api-key": { kind: "setting", setting: "lagoApiKey" },
  "smtp-password": { kind: "setting", setting: "smtpPassword" },
};
