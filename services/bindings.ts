import { createHash } from "node:crypto";

import { frontHosts } from "../settings/capabilities";
import { definitionOf, settingKeys } from "../settings/definitions";
import type { Settings } from "../settings/load";
import type { Deployment } from "./deployment";
import { bucket } from "./minio";
import { hostnameOf } from "./entry";
import { networkAddress, networkName } from "./network-name";
import { secrets, type SecretRecipe } from "./secrets";
import type { Environment, Service } from "./types";

/** A piece of a template: literal text, or a placeholder `{scope.name}`. */
const placeholder = /\{([a-z][a-z-]*)\.([A-Za-z][A-Za-z0-9-]*)\}/g;

/** Every placeholder of a template, as `scope.name`. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(placeholder)].map((match) => `${match[1]}.${match[2]}`);
}

/** A template with its placeholders replaced; undefined when one has no value. */
export function fill(template: string, values: (name: string) => string | undefined): string | undefined {
  let complete = true;
  const text = template.replace(placeholder, (_, scope: string, name: string) => {
    const value = values(`${scope}.${name}`);
    if (value === undefined) complete = false;
    return value ?? "";
  });
  return complete ? text : undefined;
}

/** The plain (not secret) values of a deployment by placeholder. Hosts are in-network names, or those of external services; a target may give others. */
export function plainBindings(deployment: Deployment): ReadonlyMap<string, string> {
  const { settings } = deployment;
  const { values } = settings;
  const bindings = new Map<string, string>();
  for (const key of settingKeys) {
    const value: unknown = values[key];
    if (value !== undefined && definitionOf(key).secret !== true && typeof value !== "object") bindings.set(`setting.${key}`, String(value));
  }
  for (const service of deployment.services) bindService(bindings, service, settings);
  bindExternals(bindings, settings);
  const kafka = bindings.get("kafka.host");
  if (kafka !== undefined) {
    bindings.set("kafka.bootstrap", settings.isExternal("kafkaBootstrapServers") ? values.kafkaBootstrapServers : `${kafka}:9092`);
    bindings.set("kafka.securityProtocol", "PLAINTEXT");
    bindings.set("kafka.replication", deployment.services.some((service) => service.name === "kafka") && !deployment.managed.has("kafka") ? "1" : "3");
  }
  if (deployment.services.some((service) => service.name === "jaeger")) bindings.set("jaeger.otlpUrl", `http://${bindings.get("jaeger.host")}:4318`);
  bindings.set("agent.user", values.dbUser);
  bindings.set("agent.database", values.dbName);
  bindings.set("stack.name", settings.stack);
  bindings.set("stack.environment", values.deploymentMode === "PROD" ? "prod" : "dev");
  bindings.set("stack.kafkaClusterId", clusterId(settings.stack));
  bindings.set("stack.allowedHosts", allowedHosts(deployment).join(","));
  return bindings;
}

function bindService(bindings: Map<string, string>, service: Service, settings: Settings): void {
  const host = networkAddress(service, settings);
  bindings.set(`${service.name}.host`, host);
  bindings.set(`${service.name}.virtualHost`, networkName(service));
  const main = service.ports[0];
  if (main === undefined) return;
  bindings.set(`${service.name}.port`, String(main.container));
  bindings.set(`${service.name}.url`, `http://${host}:${main.container}`);
  const hostname = hostnameOf(service, settings);
  if (hostname !== undefined) bindings.set(`${service.name}.publicUrl`, `https://${hostname}`);
  else if (main.published !== undefined) bindings.set(`${service.name}.publicUrl`, `http://localhost:${main.published}`);
  for (const [key, value] of Object.entries(ownServers[service.name] ?? {})) bindings.set(`${service.name}.${key}`, value);
}

/** What is true of our own servers, and may be otherwise of managed and external ones. */
const ownServers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  postgres: { user: "postgres", database: "postgres", tls: "false", sslmode: "disable" },
  redis: { scheme: "redis", tls: "false" },
  minio: { bucket, tls: "false", iam: "false" },
  spicedb: { insecure: "true" },
};

/** External services answer under the same placeholders as provisioned ones. */
function bindExternals(bindings: Map<string, string>, settings: Settings): void {
  const { values } = settings;
  const urls = { keycloak: "keycloakUrl", spicedb: "spicedbUrl", opa: "opaUrl", brain: "somabrainApiUrl", memory: "somamemoryApiUrl" } as const;
  for (const [name, key] of Object.entries(urls)) {
    if (!settings.isExternal(key)) continue;
    const url = new URL(values[key]);
    const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
    bindings.set(`${name}.host`, url.hostname).set(`${name}.port`, port).set(`${name}.url`, values[key]);
    if (name === "spicedb") bindings.set("spicedb.insecure", String(url.protocol === "http:"));
  }
  if (settings.isExternal("dbDsn")) {
    const dsn = new URL(values.dbDsn);
    bindings.set("postgres.host", dsn.hostname).set("postgres.port", dsn.port);
    bindings.set("postgres.user", dsn.username).set("postgres.database", dsn.pathname.slice(1));
    bindings.set("postgres.tls", "false").set("postgres.sslmode", "prefer");
  } else if (settings.isExternal("dbHost")) {
    bindings.set("postgres.host", values.dbHost).set("postgres.port", String(values.dbPort));
    bindings.set("postgres.user", values.dbUser).set("postgres.database", values.dbName);
    bindings.set("postgres.tls", "false").set("postgres.sslmode", "prefer");
  }
  if (settings.isExternal("redisUrl")) {
    const url = new URL(values.redisUrl);
    bindings.set("redis.host", url.hostname).set("redis.port", url.port);
    bindings.set("redis.scheme", url.protocol.slice(0, -1)).set("redis.tls", String(url.protocol === "rediss:"));
  }
  if (settings.isExternal("milvusHost")) bindings.set("milvus.host", values.milvusHost).set("milvus.port", String(values.milvusPort));
  if (settings.isExternal("kafkaBootstrapServers")) {
    const [host, port] = (values.kafkaBootstrapServers.split(",")[0] ?? "").split(":");
    bindings.set("kafka.host", host ?? "").set("kafka.port", port ?? "");
  }
}

/** The user's hosts, the in-network names that peers and probes use, those of a front and, in DEV, this machine. */
function allowedHosts({ settings, services }: Deployment): string[] {
  const inNetwork = services
    .filter((service) => ["agent", "brain", "memory"].includes(service.image))
    .flatMap((service) => [service.name, ...(service.aliases ?? []), networkAddress(service, settings), hostnameOf(service, settings) ?? []].flat());
  const local = settings.values.deploymentMode === "DEV" ? ["localhost", "127.0.0.1"] : [];
  return [...new Set([...settings.values.allowedHosts, ...inNetwork, ...frontHosts(settings.values), ...local])];
}

/** A Kafka cluster id, 16 bytes in URL-safe base64, the same for a stack at every run. */
function clusterId(stack: string): string {
  return createHash("sha256").update(`somastack/${stack}`).digest().subarray(0, 16).toString("base64url");
}

/** A recipe as this deployment uses it. Undefined: the secret has no value here. */
export function secretRecipe(name: string, settings: Settings): SecretRecipe | { readonly kind: "value"; readonly value: string } | undefined {
  const recipe = secrets[name];
  if (recipe === undefined) throw new Error(`the catalog has no secret ${name}`);
  const given = givenSecret(name, recipe, settings);
  if (given !== undefined) return { kind: "value", value: given };
  return recipe.kind === "setting" ? undefined : recipe;
}

function givenSecret(name: string, recipe: SecretRecipe, settings: Settings): string | undefined {
  const { values } = settings;
  if (name === "postgres-admin" && settings.isExternal("dbDsn")) return new URL(values.dbDsn).password;
  if ((name === "postgres-admin" || name === "db-agent") && settings.isExternal("dbHost")) return values.dbPassword;
  if (name === "db-agent" && settings.isExternal("dbDsn")) return new URL(values.dbDsn).password;
  if (name === "redis-password" && settings.isExternal("redisUrl")) return new URL(values.redisUrl).password;
  if (recipe.kind === "fernet" || recipe.setting === undefined) return undefined;
  if (recipe.kind === "text") return settings.isExternal(recipe.setting) ? String(values[recipe.setting]) : undefined;
  const value = values[recipe.setting];
  return typeof value === "string" ? value : undefined;
}

/** A resolved environment: plain values, and secrets apart from them. */
export interface ResolvedEnvironment<Text, Secret> {
  readonly plain: Readonly<Record<string, Text>>;
  readonly secret: Readonly<Record<string, Secret>>;
}

/**
 * Resolves an environment; variables without a value in this deployment are left out.
 *
 * @param text gives a template's text, or undefined when a placeholder of it has no value
 * @param secret gives a secret by its name, or undefined when it has no value
 */
export function resolveEnvironment<Text, Secret>(
  environment: Environment,
  text: (template: string) => Text | undefined,
  secret: (name: string) => Secret | undefined,
): ResolvedEnvironment<Text, Secret> {
  const plain: Record<string, Text> = {};
  const secrets: Record<string, Secret> = {};
  for (const [variable, template] of Object.entries(environment)) {
    const name = secretOf(template);
    const value = name === undefined ? text(template) : undefined;
    const reference = name === undefined ? undefined : secret(name);
    if (value !== undefined) plain[variable] = value;
    if (reference !== undefined) secrets[variable] = reference;
  }
  return { plain, secret: secrets };
}

/** The secret that a template is, when it is one: `{secret.NAME}` and nothing else. */
export function secretOf(template: string): string | undefined {
  return /^\{secret\.([a-z-]+)\}$/.exec(template)?.[1];
}
