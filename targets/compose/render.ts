import { stringify } from "yaml";

import { fill, plainBindings, resolveEnvironment } from "../../services/bindings";
import type { Deployment } from "../../services/deployment";
import type { DeploymentImage } from "../../services/deployment-images";
import { inOrder } from "../../services/order";
import type { Job, Service } from "../../services/types";
import { composeSecret, imagePrefix, variableSuffix } from "./environment";

const header = `# Rendered from the catalog by "somastack render compose"; do not edit, a test holds both equal.
# Needs Docker Compose 2.24 or newer. Generated secrets are read from .env, which the command fills.
`;

/** Renders a deployment as a Compose file: the same containers, health conditions, limits and migration chain as on LOCAL. */
export function renderCompose(deployment: Deployment): string {
  const bindings = plainBindings(deployment);
  const items = inOrder([...deployment.services, ...deployment.jobs]);
  const known = new Map(items.map((item) => [item.name, item]));
  const configs = items.flatMap((item) => (item.files ?? []).map((file, index) => [configName(item, index), { content: literal(fill(file.content, (name) => bindings.get(name)) ?? file.content) }] as const));
  const volumes = deployment.services.flatMap((service) => (service.volumes ?? []).map((volume) => [volume.name, {}] as const));
  const content = {
    name: "somastack",
    services: Object.fromEntries(items.map((item) => [item.name, composeService(item, deployment, bindings, known)])),
    ...(configs.length === 0 ? {} : { configs: Object.fromEntries(configs) }),
    ...(volumes.length === 0 ? {} : { volumes: Object.fromEntries(volumes) }),
  };
  return header + stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
}

function composeService(item: Service | Job, deployment: Deployment, bindings: ReadonlyMap<string, string>, known: ReadonlyMap<string, Service | Job>): object {
  const files = item.files ?? [];
  const after = item.after.flatMap((name) => known.get(name) ?? []);
  return {
    ...composeImage(item.image, deployment.images[item.image]),
    ...(item.entrypoint === undefined ? {} : { entrypoint: item.entrypoint.map(literal) }),
    ...(item.command === undefined ? {} : { command: item.command.map(literal) }),
    environment: composeEnvironment(item, deployment, bindings),
    ...(item.user === undefined ? {} : { user: item.user }),
    ...(files.length === 0 ? {} : { configs: files.map((file, index) => ({ source: configName(item, index), target: file.path })) }),
    ...("health" in item ? composeRunning(item) : { restart: "no" }),
    ...(after.length === 0 ? {} : { depends_on: Object.fromEntries(after.map((other) => [other.name, { condition: "health" in other ? "service_healthy" : "service_completed_successfully" }])) }),
    deploy: { resources: { limits: { cpus: String(item.size.cpu), memory: `${item.size.memoryMib}M` } } },
    memswap_limit: `${item.size.memoryMib}M`,
    read_only: item.readOnlyRoot && files.length === 0,
    ...(item.tmpfs === undefined ? {} : { tmpfs: item.tmpfs.map(tmpfs) }),
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } },
  };
}

function composeRunning(service: Service): object {
  const { health, ports, volumes, aliases } = service;
  const published = ports.filter((port) => port.published !== undefined);
  return {
    hostname: service.name,
    restart: "unless-stopped",
    ...(published.length === 0 ? {} : { ports: published.map((port) => `127.0.0.1:${port.published}:${port.container}`) }),
    ...(aliases === undefined ? {} : { networks: { default: { aliases } } }),
    ...(volumes === undefined ? {} : { volumes: volumes.map((volume) => `${volume.name}:${volume.path}`) }),
    healthcheck: {
      test: ["CMD", ...health.command.map(literal)],
      interval: `${health.intervalSeconds}s`,
      timeout: `${health.timeoutSeconds}s`,
      start_period: `${health.startPeriodSeconds}s`,
      retries: health.retries,
    },
  };
}

function composeEnvironment(item: Service | Job, deployment: Deployment, bindings: ReadonlyMap<string, string>): Record<string, string> {
  const { plain, secret } = resolveEnvironment(
    item.environment,
    (template) => {
      const text = fill(template, (name) => bindings.get(name));
      return text === undefined ? undefined : literal(text);
    },
    (name) => composeSecret(name, deployment, bindings),
  );
  return { ...plain, ...secret };
}

function composeImage(name: string, image: DeploymentImage | undefined): object {
  if (image === undefined) throw new Error(`the deployment has no image ${name}`);
  const variable = `${imagePrefix}${variableSuffix(name)}`;
  if ("reference" in image) return { image: `\${${variable}:-${image.reference}}` };
  const base = image.base === undefined || image.baseArgument === undefined ? {} : { [image.baseArgument]: `\${${imagePrefix}BASE:-${image.base}}` };
  return {
    image: `\${${variable}:-somastack-${name}}`,
    build: {
      context: image.context,
      dockerfile: image.dockerfile.startsWith(`${image.context}/`) ? image.dockerfile.slice(image.context.length + 1) : image.dockerfile,
      ...(image.target === undefined ? {} : { target: image.target }),
      args: { ...image.args, ...base },
    },
  };
}

function tmpfs(entry: string): string {
  const [path = "", owner] = entry.split(":");
  return `${path}:${["rw,noexec,nosuid,nodev,size=64m", ...(owner === undefined ? [] : [owner])].join(",")}`;
}

function configName(item: Service | Job, index: number): string {
  return `${item.name}-${index}`;
}

/** Text that Compose must not interpolate. */
function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}
