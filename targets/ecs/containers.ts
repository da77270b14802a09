import type { ServiceSpec, WorkloadSpec } from "../target";
import type { Folder } from "./folders";

/** Where a task's containers write their log. */
export interface LogPlace {
  readonly group: string;
  readonly region: string;
  /** First part of each log stream: PREFIX/CONTAINER/TASK. */
  readonly prefix: string;
}

/** What containers are made of once every value is known. */
export interface ContainerValues {
  readonly image: string;
  readonly helper: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Variable to `valueFrom`: a secret's ARN with its version. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly log: LogPlace;
  /** Configuration of the helper that prepares folders. */
  readonly files: string;
}

/** A container's data volume. */
export interface DataMount {
  readonly volume: string;
  readonly path: string;
}

/** A health question that has to carry a host name, and the port on which its answer is given. */
export interface RelayedHealth {
  readonly port: number;
  readonly path: string;
  readonly host: string;
}

/** Port on which the relay answers `/`. */
export const relayPort = 8099;

/** Largest task definition, in bytes (Amazon ECS service quotas, "Task definition size"). */
export const largestTaskDefinition = 65_536;

/** User of the helper where it needs no rights of its own. */
const plainUser = "1000:1000";

/** A container of a task definition, as ECS writes it. */
export type ContainerDefinition = Readonly<Record<string, unknown>> & { readonly name: string };

/** A health check within the limits of ECS (API reference, HealthCheck): interval 5 to 300, timeout 2 to 60, start 0 to 300 seconds, 1 to 10 retries. */
export function healthCheck({ command, intervalSeconds, timeoutSeconds, startPeriodSeconds, retries }: ServiceSpec["health"]): Readonly<Record<string, unknown>> {
  return {
    command: ["CMD", ...command],
    interval: within(intervalSeconds, 5, 300),
    timeout: within(timeoutSeconds, 2, 60),
    retries: within(retries, 1, 10),
    startPeriod: within(startPeriodSeconds, 0, 300),
  };
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(Math.round(value), least), most);
}

/** What a task has beside its workload. */
export interface TaskParts {
  /** On instances of ours Docker is told to grant no new privileges; Fargate has no such option. */
  readonly capacity: "FARGATE" | "ECS_EC2";
  readonly folders: readonly Folder[];
  readonly data: readonly DataMount[];
  readonly relay?: RelayedHealth;
}

/** The containers of a task: the workload's own, first a helper that prepares its folders, and beside it a relay of health questions. */
export function containersOf(name: string, spec: WorkloadSpec & Partial<Pick<ServiceSpec, "ports" | "health">>, parts: TaskParts, values: ContainerValues): ContainerDefinition[] {
  const { folders, data, relay, capacity } = parts;
  const ports = new Set((spec.ports ?? []).map((port) => port.container));
  const main = {
    ...common(values.log),
    name,
    image: values.image,
    essential: true,
    ...(spec.entrypoint === undefined ? {} : { entryPoint: spec.entrypoint }),
    ...(spec.command === undefined ? {} : { command: spec.command }),
    environment: variables(values.environment),
    secrets: Object.entries(values.secrets).map(([variable, valueFrom]) => ({ name: variable, valueFrom })).sort(byName),
    ...(spec.user === undefined ? {} : { user: spec.user }),
    readonlyRootFilesystem: spec.readOnlyRoot,
    portMappings: [...ports].map(portMapping),
    mountPoints: [
      ...folders.map(({ volume, path, writable }) => ({ sourceVolume: volume, containerPath: path, readOnly: !writable })),
      ...data.map(({ volume, path }) => ({ sourceVolume: volume, containerPath: path, readOnly: false })),
    ],
    ...(spec.health === undefined ? {} : { healthCheck: healthCheck(spec.health) }),
    ...(folders.length === 0 ? {} : { dependsOn: [{ containerName: "files", condition: "SUCCESS" }] }),
    // Seconds between SIGTERM and SIGKILL: databases end in order.
    stopTimeout: 60,
  };
  const containers = [main, ...(folders.length === 0 ? [] : [filesContainer(folders, values)]), ...(relay === undefined ? [] : [relayContainer(relay, values)])];
  return containers.map((container) => compact({ ...container, ...(capacity === "ECS_EC2" ? { dockerSecurityOptions: ["no-new-privileges"] } : {}) }));
}

/** A task's folders belong to root when it starts: their owner prepares them, without any capability. */
function filesContainer(folders: readonly Folder[], { helper, files, log }: ContainerValues): ContainerDefinition {
  return {
    ...common(log),
    name: "files",
    image: helper,
    essential: false,
    command: ["files"],
    environment: variables({ OPS_CONFIG: files }),
    user: "0:0",
    readonlyRootFilesystem: true,
    mountPoints: folders.map(({ volume, prepared }) => ({ sourceVolume: volume, containerPath: prepared, readOnly: false })),
  };
}

function relayContainer({ port, path, host }: RelayedHealth, { helper, log }: ContainerValues): ContainerDefinition {
  return {
    ...common(log),
    name: "relay",
    image: helper,
    essential: true,
    command: ["relay"],
    environment: variables({ OPS_CONFIG: JSON.stringify({ port: relayPort, target_port: port, path, host }) }),
    user: plainUser,
    readonlyRootFilesystem: true,
    portMappings: [portMapping(relayPort)],
  };
}

/** No capabilities, no privileges, an init process, a log in CloudWatch that never blocks the process. */
function common(log: LogPlace): Readonly<Record<string, unknown>> {
  return {
    privileged: false,
    linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: true },
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": log.group, "awslogs-region": log.region, "awslogs-stream-prefix": log.prefix, mode: "non-blocking", "max-buffer-size": "25m" },
    },
  };
}

/**
 * Refuses a task definition that ECS would not take.
 *
 * @throws Error that names the workload and its size
 */
export function refuseTooLarge(name: string, containers: readonly ContainerDefinition[]): void {
  const size = Buffer.byteLength(JSON.stringify(containers));
  if (size <= largestTaskDefinition) return;
  throw new Error(`${name}: its files and variables make a task definition of ${size} bytes, ECS takes ${largestTaskDefinition}; make its files smaller or fewer, or put them into its image`);
}

/** Without empty lists: ECS gives none back, and they would count as a change. */
function compact(container: ContainerDefinition): ContainerDefinition {
  const entries = Object.entries(container).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  return { ...Object.fromEntries(entries), name: container.name };
}

function variables(values: Readonly<Record<string, string>>): { readonly name: string; readonly value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value })).sort(byName);
}

function portMapping(port: number): Readonly<Record<string, unknown>> {
  return { containerPort: port, hostPort: port, protocol: "tcp" };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
