import { z } from "zod";

import { cloudDefinitions } from "./cloud-definitions";
import { define, type Definition } from "./definition";
import { bootstrap, dsn, flag, host, hostList, httpUrl, identifier, imageBuild, imageReference, number, oneOf, plainPassword, port, redisUrl, structured, text } from "./schemas";

/** Every setting of the program. The key is its name in stack configuration (`somastack:KEY`). */
export const definitions = {
  deploymentMode: define({
    variable: "SA01_DEPLOYMENT_MODE", section: "2.1", required: "always", default: "DEV", example: "PROD",
    description: "PROD refuses localhost defaults, missing values and secrets in plain configuration.",
    schema: oneOf("PROD", "DEV"),
  }),
  deploymentTarget: define({
    variable: "SA01_DEPLOYMENT_TARGET", section: "2.1", required: "never", default: "LOCAL", example: "LOCAL",
    description: "Where the stack runs.",
    schema: oneOf("LOCAL", "FARGATE", "EKS", "ECS_EC2", "EC2", "APP_RUNNER"),
  }),
  saasMode: define({
    variable: "SOMA_SAAS_MODE", section: "2.1", required: "never", default: "false", example: "true",
    description: "Brain and memory run in process in the agent; they are not deployed as services.", schema: flag,
  }),
  softwareMode: define({
    variable: "SOMASTACK_SOFTWARE_MODE", section: "2.1", required: "never", default: "StandAlone", example: "SomaStackClusterMode",
    description: "StandAlone deploys the control plane alone, SomaStackClusterMode all of SomaStack.",
    schema: oneOf("StandAlone", "SomaStackClusterMode"),
  }),

  dbDsn: define({
    variable: "SA01_DB_DSN", section: "2.2", required: "always", secret: true, external: true,
    default: "postgresql://user:pass@host:5432/db", example: "postgresql://soma:S3cretS3cret@db.example.com:5432/somaagent01",
    description: "Connection string of an external PostgreSQL 16 whose user may create roles and databases.", schema: dsn,
  }),
  redisUrl: define({
    variable: "SA01_REDIS_URL", section: "2.2", required: "always", secret: true, external: true,
    default: "redis://host:6379/0", example: "redis://:S3cretS3cret@redis.example.com:6379/0",
    description: "URL of an external Redis 7.", schema: redisUrl,
  }),
  dbHost: define({
    variable: "SA01_DB_HOST", section: "2.2", required: "never", external: true, default: "postgres", example: "db.example.com",
    description: "Host of an external PostgreSQL, as an alternative to the connection string.", schema: host,
  }),
  dbPort: define({
    variable: "SA01_DB_PORT", section: "2.2", required: "never", default: "5432", example: "5432", description: "PostgreSQL port.", schema: port,
  }),
  dbName: define({
    variable: "SA01_DB_NAME", section: "2.2", required: "never", default: "somaagent01", example: "somaagent01",
    description: "Database of the agent.", schema: identifier,
  }),
  dbUser: define({
    variable: "SA01_DB_USER", section: "2.2", required: "never", default: "soma", example: "soma",
    description: "Role of the agent.", schema: identifier,
  }),
  dbPassword: define({
    variable: "SA01_DB_PASSWORD", section: "2.2", required: "always", secret: true, example: "S3cretS3cret",
    description: "Password of the agent's role; generated when PostgreSQL is provisioned and none is given.", schema: plainPassword,
  }),

  keycloakUrl: define({
    variable: "KEYCLOAK_URL", section: "2.3", required: "always", external: true, default: "http://keycloak:20880",
    example: "https://sso.example.com", description: "Keycloak server.", schema: httpUrl,
  }),
  keycloakRealm: define({
    variable: "KEYCLOAK_REALM", section: "2.3", required: "always", default: "somastack", example: "somastack",
    description: "Realm of the platform.", schema: z.string().regex(/^[A-Za-z0-9_-]+$/, "must be letters, digits, hyphens, underscores"),
  }),
  keycloakClientId: define({
    variable: "KEYCLOAK_CLIENT_ID", section: "2.3", required: "always", default: "soma-agent", example: "soma-agent",
    description: "OIDC client of the agent.", schema: z.string().regex(/^[A-Za-z0-9._-]+$/, "must be letters, digits, dots, hyphens, underscores"),
  }),
  keycloakClientSecret: define({
    variable: "SA01_KEYCLOAK_CLIENT_SECRET", section: "2.3", required: "never", secret: true, example: "S3cretS3cret",
    description: "Secret of the OIDC client; generated when Keycloak is provisioned, required when it is external.", schema: text,
  }),
  spicedbUrl: define({
    variable: "SPICEDB_URL", section: "2.3", required: "always", external: true, default: "http://spicedb:20051",
    example: "https://spicedb.example.com:50051", description: "SpiceDB gRPC endpoint.", schema: httpUrl,
  }),
  spicedbApiKey: define({
    variable: "SPICEDB_API_KEY", section: "2.3", required: "always", secret: true, example: "S3cretS3cret",
    description: "Preshared key of SpiceDB; generated when SpiceDB is provisioned and none is given.", schema: plainPassword,
  }),
  opaUrl: define({
    variable: "OPA_URL", section: "2.3", required: "always", external: true, default: "http://opa:20181",
    example: "https://opa.example.com", description: "Open Policy Agent server.", schema: httpUrl,
  }),

  saasDefaultChatModel: define({
    variable: "SAAS_DEFAULT_CHAT_MODEL", section: "2.4", required: "always", default: "openai/gpt-4.1", example: "openai/gpt-4.1",
    description: "Default language model.", schema: text,
  }),
  chatProvider: define({
    variable: "SA01_CHAT_PROVIDER", section: "2.4", required: "never", default: "openrouter", example: "openai",
    description: "Provider of the chat model.", schema: oneOf("openrouter", "openai"),
  }),
  openaiApiKey: define({
    variable: "OPENAI_API_KEY", section: "2.4", required: "production", secret: true, example: "sk-...",
    description: "OpenAI key; without it chat answers are refused by the provider.", schema: text,
  }),
  anthropicApiKey: define({
    variable: "ANTHROPIC_API_KEY", section: "2.4", required: "never", secret: true, example: "sk-ant-...",
    description: "Anthropic key.", schema: text,
  }),
  lagoApiUrl: define({
    variable: "LAGO_API_URL", section: "2.4", required: "never", external: true, default: "http://lago:3000",
    example: "https://billing.example.com", description: "Lago billing API; always external.", schema: httpUrl,
  }),
  lagoApiKey: define({
    variable: "LAGO_API_KEY", section: "2.4", required: "never", secret: true, example: "S3cretS3cret", description: "Lago key.", schema: text,
  }),
  smtpHost: define({
    variable: "SMTP_HOST", section: "2.4", required: "never", default: "smtp.sendgrid.net", example: "smtp.sendgrid.net",
    description: "Mail server.", schema: host,
  }),
  smtpPort: define({
    variable: "SMTP_PORT", section: "2.4", required: "never", default: "587", example: "587", description: "Mail server port.", schema: port,
  }),
  smtpUser: define({
    variable: "SMTP_USER", section: "2.4", required: "never", example: "apikey", description: "Mail user.", schema: text,
  }),
  smtpPassword: define({
    variable: "SMTP_PASSWORD", section: "2.4", required: "never", secret: true, example: "S3cretS3cret", description: "Mail password.", schema: text,
  }),

  somabrainApiUrl: define({
    variable: "SOMABRAIN_API_URL", section: "2.5", required: "never", external: true, default: "http://somabrain:30101",
    example: "https://brain.example.com", description: "SomaBrain API.", schema: httpUrl,
  }),
  somamemoryApiUrl: define({
    variable: "SOMAMEMORY_API_URL", section: "2.5", required: "never", external: true, default: "http://somafractalmemory:10101",
    example: "https://memory.example.com", description: "SomaFractalMemory API.", schema: httpUrl,
  }),
  memoryApiToken: define({
    variable: "SOMA_MEMORY_API_TOKEN", section: "2.5", required: "never", secret: true, example: "S3cretS3cret",
    description: "Service token shared by agent, brain and memory; generated when none is given.", schema: plainPassword,
  }),
  milvusHost: define({
    variable: "MILVUS_HOST", section: "2.5", required: "never", external: true, default: "milvus", example: "milvus.example.com",
    description: "Milvus host.", schema: host,
  }),
  milvusPort: define({
    variable: "MILVUS_PORT", section: "2.5", required: "never", default: "19530", example: "19530", description: "Milvus port.", schema: port,
  }),
  kafkaBootstrapServers: define({
    variable: "KAFKA_BOOTSTRAP_SERVERS", section: "2.5", required: "never", external: true, default: "kafka:9092",
    example: "b-1.example.com:9092,b-2.example.com:9092", description: "Kafka brokers.", schema: bootstrap,
  }),

  memoryEnabled: define({
    variable: "MEMORY_ENABLED", section: "2.6", required: "never", default: "true", example: "false", description: "Memory feature.", schema: flag,
  }),
  voiceEnabled: define({
    variable: "VOICE_ENABLED", section: "2.6", required: "never", default: "false", example: "true", description: "Voice feature.", schema: flag,
  }),
  mcpEnabled: define({
    variable: "MCP_ENABLED", section: "2.6", required: "never", default: "true", example: "false", description: "MCP servers.", schema: flag,
  }),
  codeExecutionEnabled: define({
    variable: "CODE_EXECUTION_ENABLED", section: "2.6", required: "never", default: "false", example: "true",
    description: "Code execution feature.", schema: flag,
  }),

  debug: define({
    variable: "DEBUG", section: "Security Checklist", required: "never", default: "false", example: "false",
    description: "Django debug mode; an error in PROD.", schema: flag,
  }),
  secretKey: define({
    variable: "SECRET_KEY", section: "Security Checklist", required: "never", secret: true, example: "a-long-random-text-of-32-characters",
    description: "Signing key of the applications; generated when none is given.",
    schema: z.string().min(32, "must have at least 32 characters"),
  }),
  rotation: define({
    variable: "SOMASTACK_ROTATION", section: "Security Checklist", required: "never", default: "{}", example: '{"secret-key": 1}',
    description: "How often generated secrets have been made anew, by name; `somastack rotate` counts it up.",
    schema: structured(z.record(z.string(), z.int().min(1).max(99), { error: "must be an object of secret names and numbers from 1 to 99" }), "must be an object"),
  }),
  allowedHosts: define({
    variable: "ALLOWED_HOSTS", section: "Security Checklist", required: "production", default: "", example: "agent.example.com",
    description: "Public host names the applications answer to; in-network names and probes are added.", schema: hostList,
  }),

  images: define({
    variable: "SOMASTACK_IMAGES", section: "Docker Deployment", required: "never", default: "{}",
    example: '{"agent": "registry.example.com/somaagent01:1.4.2"}',
    description: "Images by name: a reference, or a build (local folder or git URL, Dockerfile, target).",
    schema: structured(
      z.record(z.string(), z.union([imageReference, imageBuild], { error: "must be an image reference or {build: {context, dockerfile, target, args}}" })),
      "must be an object of image names and references or builds",
    ),
  }),
  imageMirror: define({
    variable: "SOMASTACK_IMAGE_MIRROR", section: "Docker Deployment", required: "never", example: "mirror.example.com/hub",
    description: "Registry prefix asked when an image's own registry does not answer.",
    schema: z.string().regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._/-]+)?$/, "must be HOST[:PORT][/PREFIX]"),
  }),
  memoryBudgetGib: define({
    variable: "SOMASTACK_MEMORY_BUDGET_GIB", section: "Local Resource Target", required: "never", default: "15", example: "15",
    description: "Most memory, in GiB, that all containers of one host may be allowed together.",
    schema: number("must be a number of GiB from 1 to 1024", (value) => value >= 1 && value <= 1024, true),
  }),
  observability: define({
    variable: "SOMASTACK_OBSERVABILITY", section: "Infrastructure Ports", required: "never", default: "mode", example: "full",
    description: "`health` deploys the health endpoint and Prometheus, `full` adds Grafana, Jaeger and Temporal, `mode` follows the software mode (full in SomaStackClusterMode).",
    schema: oneOf("mode", "health", "full"),
  }),
  ...cloudDefinitions,
} as const;

/** Name of a setting in stack configuration. */
export type SettingKey = keyof typeof definitions;

type Value<K extends SettingKey> = z.output<(typeof definitions)[K]["schema"]>;
type Optional = { [K in SettingKey]: (typeof definitions)[K] extends { default: string } ? never : K }[SettingKey];

/** The typed values of every setting; those without a default may be absent. */
export type SettingValues = { [K in Exclude<SettingKey, Optional>]: Value<K> } & { [K in Optional]?: Value<K> };

/** A build of an image from sources. Paths are relative to the project's folder. */
export type ImageBuild = z.output<typeof imageBuild>["build"];

/** The keys, in the order of the guide. */
export const settingKeys = Object.keys(definitions) as SettingKey[];

/** The definition of a key, as the general type. */
export function definitionOf(key: SettingKey): Definition {
  return definitions[key];
}
