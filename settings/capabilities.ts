import type { SettingValues } from "./definitions";

/** A deployment target. */
export type DeploymentTarget = SettingValues["deploymentTarget"];

/** The settings that say where a stack runs. */
export type TargetChoice = Pick<SettingValues, "deploymentTarget" | "appRunner">;

/** A size that a target offers: MiB that go with a number of vCPU. */
export interface SizeRow {
  /** vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memoryMib: readonly number[];
}

/** What a target can do; compared with what the catalog needs before any resource exists. */
export interface Capabilities {
  readonly websocket: boolean;
  readonly grpc: boolean;
  readonly persistentDisk: boolean;
  /** More than one instance of a service. */
  readonly replicas: boolean;
  readonly blueGreen: boolean;
  /** Runs a task to its end and knows its exit code. */
  readonly jobs: boolean;
  /** In-network names of services. */
  readonly privateDns: boolean;
  /** `host`: all services share one machine and get the catalog's small sizes; `cloud`: each has the size of production. */
  readonly sizing: "host" | "cloud";
  /** The sizes that exist; absent: any. */
  readonly sizes?: readonly SizeRow[];
  /** Largest ephemeral disk of an instance, GiB; absent: as large as the machine's. */
  readonly maximumDiskGib?: number;
  /** Data services that come managed. */
  readonly managed: readonly ("postgres" | "redis" | "kafka" | "objectStore")[];
  /** The applications for users and operators run elsewhere than the rest, within these limits. */
  readonly front?: Pick<Capabilities, "websocket" | "grpc" | "persistentDisk" | "sizes">;
  /** What a user must know and accept by its code. */
  readonly notices: readonly { readonly code: string; readonly text: string }[];
}

const gib = (from: number, to: number, step = 1): number[] => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => (from + index * step) * 1024);

/** Task sizes of AWS Fargate (Amazon ECS developer guide, "Task definition parameters for Fargate", task size). */
export const fargateSizes: readonly SizeRow[] = [
  { cpu: 0.25, memoryMib: [512, 1024, 2048] },
  { cpu: 0.5, memoryMib: gib(1, 4) },
  { cpu: 1, memoryMib: gib(2, 8) },
  { cpu: 2, memoryMib: gib(4, 16) },
  { cpu: 4, memoryMib: gib(8, 30) },
  { cpu: 8, memoryMib: gib(16, 60, 4) },
  { cpu: 16, memoryMib: gib(32, 120, 8) },
];

/** Instance sizes of AWS App Runner (App Runner developer guide, "Service configuration"). */
export const appRunnerSizes: readonly SizeRow[] = [
  { cpu: 0.25, memoryMib: [512, 1024] },
  { cpu: 0.5, memoryMib: [1024] },
  { cpu: 1, memoryMib: gib(2, 4) },
  { cpu: 2, memoryMib: [4096, 6144] },
  { cpu: 4, memoryMib: [8192, 10240, 12288] },
];

const everything = { websocket: true, grpc: true, persistentDisk: true, replicas: true, blueGreen: true, jobs: true, privateDns: true, notices: [] } as const;
const managedByAws = ["postgres", "redis", "kafka", "objectStore"] as const;

/** The capability matrix: every target's answer. */
export const capabilities: Readonly<Record<DeploymentTarget, Capabilities>> = {
  LOCAL: { ...everything, replicas: false, blueGreen: false, sizing: "host", managed: [] },
  FARGATE: { ...everything, sizing: "cloud", sizes: fargateSizes, maximumDiskGib: 200, managed: managedByAws },
  ECS_EC2: { ...everything, sizing: "cloud", managed: managedByAws },
  EKS: { ...everything, blueGreen: false, sizing: "cloud", managed: managedByAws },
  EC2: { ...everything, blueGreen: false, sizing: "cloud", managed: managedByAws },
  APP_RUNNER: {
    ...everything, sizing: "cloud", sizes: fargateSizes, maximumDiskGib: 200, managed: managedByAws,
    front: { websocket: false, grpc: false, persistentDisk: false, sizes: appRunnerSizes },
    notices: [{ code: "app-runner-closed", text: "AWS App Runner is closed to new AWS customers since 2026-04-30; an account that never used it sets somastack:appRunner to {\"engine\": \"express\"}" }],
  },
};

/** APP_RUNNER where Amazon ECS Express Mode takes the place of App Runner: its services are tasks of Fargate behind a load balancer. */
const express: Capabilities = {
  ...capabilities.APP_RUNNER,
  front: { websocket: true, grpc: false, persistentDisk: false, sizes: fargateSizes.filter(({ cpu }) => cpu <= 4) },
  notices: [{ code: "express-address", text: "ECS Express Mode answers under addresses of AWS alone (https://....ecs.REGION.on.aws, the output services): names below somastack:domain need a proxy of your own" }],
};

/** What a target can do, also by the engine that the settings choose for it. */
export function capabilitiesOf(choice: DeploymentTarget | TargetChoice): Capabilities {
  if (typeof choice === "string") return capabilities[choice];
  return choice.deploymentTarget === "APP_RUNNER" && choice.appRunner.engine === "express" ? express : capabilities[choice.deploymentTarget];
}

/**
 * Host names under which a front is asked besides its own, as ALLOWED_HOSTS takes them: the address that AWS gives an Express service,
 * and, since its load balancer asks for health by address, `.0` to `.255`, with which every IPv4 address ends. Nothing else reaches it:
 * the load balancer passes on its own host name alone.
 */
export function frontHosts({ deploymentTarget, appRunner, region }: TargetChoice & Pick<SettingValues, "region">): string[] {
  if (deploymentTarget !== "APP_RUNNER" || appRunner.engine !== "express") return [];
  return [`.ecs.${region}.on.aws`, ...Array.from({ length: 256 }, (_, last) => `.${last}`)];
}

/** Domain of the in-network names; absent where names of one word resolve by themselves. */
export function networkDomain(target: DeploymentTarget, stack: string): string | undefined {
  return target === "LOCAL" || target === "EKS" ? undefined : `${stack}.somastack.internal`;
}

/**
 * The smallest offered size that holds what is wanted; the size itself where any exists, undefined where none is large enough.
 */
export function fittingSize(wanted: { readonly cpu: number; readonly memoryMib: number }, sizes: readonly SizeRow[] | undefined): { readonly cpu: number; readonly memoryMib: number } | undefined {
  if (sizes === undefined) return wanted;
  for (const { cpu, memoryMib } of sizes) {
    if (cpu < wanted.cpu) continue;
    const enough = memoryMib.find((size) => size >= wanted.memoryMib);
    if (enough !== undefined) return { cpu, memoryMib: enough };
  }
  return undefined;
}
