import { composeContainer, literal, type ComposeContainer } from "../compose/container";
import { variableSuffix } from "../compose/environment";
import type { ServiceSpec, WorkloadSpec } from "../target";
import { credentialsContainer, credentialsEnvironment, credentialsNetwork, credentialsNetworkName } from "./credentials";
import { entryPorts } from "./entry-ports";
import { relayContainer } from "./relay";

/** A service, or a job, as the program declares it. */
export type PartSpec = WorkloadSpec & Partial<Pick<ServiceSpec, "ports" | "health" | "volumes" | "aliases" | "entry">>;

/** A secret as an instance reads it. */
export interface KnownSecret {
  readonly name: string;
  readonly arn: string;
  /** A new value is a new document. */
  readonly version: string;
}

/** The values of a workload, once they are known. */
export interface KnownValues {
  readonly image: string;
  readonly helper: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, KnownSecret>>;
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly logGroup: string;
  /** Role of its own at AWS; absent where it needs none. */
  readonly role?: string;
  /** Cloud Map's id of its in-network name; absent where nobody outside the group calls it. */
  readonly nameId?: string;
}

/** One container of a document with what it needs beside it. */
export interface Part {
  readonly name: string;
  readonly spec: PartSpec;
  readonly after: readonly { readonly name: string; readonly ends: boolean }[];
  /** Names under which containers of the same instance find it, beside its own. */
  readonly aliases: readonly string[];
  readonly known: KnownValues;
}

/** What a document is made from. */
export interface DocumentArgs {
  readonly region: string;
  readonly parts: readonly Part[];
  /** Data volumes by name. */
  readonly volumes: readonly { readonly name: string; readonly id: string }[];
  /** Log stream of a container; the instance's script knows the variables. */
  readonly stream: (name: string) => string;
}

/** Folders of an instance that the script fills. */
const folders = { files: "/var/lib/somastack/files", volumes: "/var/lib/somastack/volumes" } as const;

/** Variable of the address that others reach a service under. */
const addressVariable = (name: string): string => `SOMASTACK_ADDRESS_${variableSuffix(name)}`;
const secretVariable = (name: string): string => `SOMASTACK_SECRET_${variableSuffix(name)}`;
const fileName = (name: string, index: number): string => `${name}-${index}`;

/**
 * Renders what an instance runs: a Compose file whose part `x-somastack` tells the instance's script what to fetch before. It names
 * secrets and holds none.
 */
export function renderDocument(args: DocumentArgs): string {
  const { parts, volumes } = args;
  const roles = parts.flatMap(({ name, known }) => (known.role === undefined ? [] : [{ name, role: known.role }]));
  const files = parts.flatMap(({ name, known }) => known.files.map(({ content }, index) => ({ name: fileName(name, index), content: literal(content) })));
  const identified = parts.find(({ known }) => known.role !== undefined)?.known;
  const document = {
    name: "somastack",
    "x-somastack": {
      secrets: secretsOf(parts),
      // Compose reads this part too: dollars are doubled as everywhere, and the script takes that back.
      files,
      names: parts.flatMap(({ name, known }) => (known.nameId === undefined ? [] : [{ id: known.nameId, address: addressVariable(name) }])),
      volumes,
      credentials: roles,
    },
    services: Object.fromEntries([
      ...parts.map((part) => [part.name, container(part, args)] as const),
      ...parts.flatMap((part) => relayOf(part, args)),
      ...(identified === undefined ? [] : [["credentials", credentialsContainer(identified.helper, logging("credentials", identified.logGroup, args))] as const]),
    ]),
    ...(files.length === 0 ? {} : { configs: Object.fromEntries(files.map(({ name }) => [name, { file: `${folders.files}/${name}` }])) }),
    ...(roles.length === 0 ? {} : { networks: { [credentialsNetworkName]: credentialsNetwork } }),
    ...(volumes.length === 0 ? {} : {
      volumes: Object.fromEntries(volumes.map(({ name }) => [name, { driver: "local", driver_opts: { type: "none", o: "bind", device: `${folders.volumes}/${name}/data` } }])),
    }),
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}

function container({ name, spec, after, aliases, known }: Part, args: DocumentArgs): Readonly<Record<string, unknown>> {
  const { entrypoint, command, user } = spec;
  const environment = { ...mapValues(known.environment, literal), ...mapValues(known.secrets, ({ name: secret }) => `\${${secretVariable(secret)}:?}`), ...(known.role === undefined ? {} : credentialsEnvironment(name)) };
  return composeContainer({
    image: { image: known.image },
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(command === undefined ? {} : { command }),
    environment: Object.fromEntries(Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(user === undefined ? {} : { user }),
    configs: known.files.map(({ path }, index) => ({ source: fileName(name, index), target: path })),
    ...(spec.health === undefined ? {} : { running: running(name, spec, spec.health, aliases, known) }),
    after: [...after, ...(known.role === undefined ? [] : [{ name: "credentials", ends: false }])],
    size: spec,
    // Files are mounted from the instance, so a read-only root stays one.
    readOnly: spec.readOnlyRoot,
    tmpfs: spec.tmpfs,
    logging: logging(name, known.logGroup, args),
  });
}

function running(name: string, { entry, ports = [], volumes = [] }: PartSpec, health: ServiceSpec["health"], aliases: readonly string[], known: KnownValues): NonNullable<ComposeContainer["running"]> {
  const containerPorts = [...new Set(ports.map(({ container: port }) => port))];
  const own = known.nameId === undefined ? [] : containerPorts.map((port) => `\${${addressVariable(name)}:?}:${port}:${port}`);
  return {
    hostname: name,
    ports: [...own, ...(entry === undefined ? [] : entryMappings(entry, ports))],
    networks: { default: { aliases }, ...(known.role === undefined ? {} : { [credentialsNetworkName]: {} }) },
    volumes: volumes.map(({ volume, path }) => `${volume.volumeName}:${path}`),
    health,
  };
}

/** The instance's own address is the load balancer's way in. */
function entryMappings(entry: NonNullable<ServiceSpec["entry"]>, ports: ServiceSpec["ports"]): string[] {
  const { traffic, health, relayed } = entryPorts(entry, ports);
  const mapping = (host: number, port: number): string => `\${SOMASTACK_ADDRESS:?}:${host}:${port}`;
  return [mapping(traffic, entry.port), ...(relayed || health === traffic ? [] : [mapping(health, entry.health.port)])];
}

function relayOf({ name, spec: { entry, ports = [] }, known }: Part, args: DocumentArgs): [string, object][] {
  const host = entry?.health.host;
  if (entry === undefined || host === undefined) return [];
  const { health } = entryPorts(entry, ports);
  return [[`${name}-relay`, relayContainer(known.helper, { name, published: health, ...entry.health, host }, logging(`${name}-relay`, known.logGroup, args))]];
}

function secretsOf(parts: readonly Part[]): { readonly variable: string; readonly arn: string; readonly version: string }[] {
  const found = new Map(parts.flatMap(({ known }) => Object.values(known.secrets)).map((secret) => [secret.name, secret]));
  return [...found.values()].map(({ name, arn, version }) => ({ variable: secretVariable(name), arn, version })).sort((a, b) => (a.variable < b.variable ? -1 : 1));
}

/** A log in CloudWatch that never blocks the process. */
function logging(name: string, group: string, { region, stream }: DocumentArgs): Readonly<Record<string, unknown>> {
  return { driver: "awslogs", options: { "awslogs-region": region, "awslogs-group": group, "awslogs-stream": stream(name), mode: "non-blocking", "max-buffer-size": "25m" } };
}

function mapValues<T>(values: Readonly<Record<string, T>>, text: (value: T) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value)]));
}
