import { stringify } from "yaml";

import { fill, plainBindings, resolveEnvironment } from "../../services/bindings";
import type { Deployment } from "../../services/deployment";
import type { DeploymentImage } from "../../services/deployment-images";
import { inOrder } from "../../services/order";
import type { Job, Service } from "../../services/types";
import { logOptions } from "../docker/hardening";
import { composeContainer, literal, type ComposeContainer } from "./container";
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
  const { entrypoint, command, user, size, readOnlyRoot, tmpfs = [] } = item;
  return composeContainer({
    image: composeImage(item.image, deployment.images[item.image]),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(command === undefined ? {} : { command }),
    environment: composeEnvironment(item, deployment, bindings),
    ...(user === undefined ? {} : { user }),
    configs: files.map((file, index) => ({ source: configName(item, index), target: file.path })),
    ...("health" in item ? { running: runningPart(item) } : {}),
    after: item.after.flatMap((name) => known.get(name) ?? []).map((other) => ({ name: other.name, ends: !("health" in other) })),
    size,
    // Compose copies a config's content into the container, which Docker refuses where the root is read-only.
    readOnly: readOnlyRoot && files.length === 0,
    tmpfs,
    logging: { driver: "json-file", options: logOptions },
  });
}

function runningPart({ name, health, ports, volumes = [], aliases }: Service): NonNullable<ComposeContainer["running"]> {
  return {
    hostname: name,
    ports: ports.filter((port) => port.published !== undefined).map((port) => `127.0.0.1:${port.published}:${port.container}`),
    ...(aliases === undefined ? {} : { networks: { default: { aliases } } }),
    volumes: volumes.map((volume) => `${volume.name}:${volume.path}`),
    health,
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

function composeImage(name: string, image: DeploymentImage | undefined): Readonly<Record<string, unknown>> {
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

function configName(item: Service | Job, index: number): string {
  return `${item.name}-${index}`;
}
