import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname } from "node:path";
import { engineFacts, type EngineFacts } from "../docker/client";
import { listContainers, type LiveContainer } from "../docker/stack";
import { findEngine } from "../../toolchain/engine-client";
import type { Plan } from "../context";
import type { Check } from "./check";
import { checkPorts, takenPorts, type WantedPort } from "./ports";
import { checkBudget, checkDisk, checkEngine, checkMemory } from "./resources";

/** Where Docker keeps images when no engine tells. */
const defaultDataRoot = "/var/lib/docker";

/** The answers of the machine, asked once. */
export interface Machine {
  readonly engine: EngineFacts | undefined;
  /** Every container of the engine; empty without one. */
  readonly containers: readonly LiveContainer[];
}

/** Looks for an engine and asks it for what the checks need. */
export async function probeMachine(): Promise<Machine> {
  const { engine: found } = await findEngine();
  if (found === undefined) return { engine: undefined, containers: [] };
  const [engine, containers] = await Promise.all([engineFacts(found.docker), listContainers(found.docker)]);
  return { engine, containers };
}

/** Every check of the machine for a plan, all of them even when the first fails. */
export async function preflight(plan: Plan, machine: Machine): Promise<Check[]> {
  const { deployment, settings, stack } = plan;
  const { engine, containers } = machine;
  const limits = Object.fromEntries(deployment.services.map(({ name, size }) => [name, size.memoryMib]));
  const folder = existingParent(engine?.dataRoot ?? defaultDataRoot);
  const wanted = wantedPorts(plan);
  const [disk, taken] = await Promise.all([statfs(folder), takenPorts(wanted, ownPorts(stack, containers), portsOfContainers(containers))]);
  return [
    checkEngine(engine?.version),
    checkBudget(limits, deployment.memoryMib, settings.values.memoryBudgetGib),
    checkMemory(deployment.memoryMib, engine?.memoryMib ?? Math.floor(totalmem() / 2 ** 20)),
    checkDisk(disk.bavail * disk.bsize, folder),
    ...checkPorts(wanted, taken),
  ];
}

/** The ports that the deployment publishes, by service. */
export function wantedPorts({ deployment }: Pick<Plan, "deployment">): WantedPort[] {
  return deployment.services.flatMap(({ name, ports }) => ports.flatMap(({ published }) => (published === undefined ? [] : [{ port: published, service: name }])));
}

/** Ports of the running containers that Pulumi manages for the stack. */
export function ownPorts(stack: string, containers: readonly LiveContainer[]): Set<number> {
  return new Set(containers.filter((container) => container.stack === stack && container.running && !container.compose).flatMap(({ ports }) => ports));
}

function portsOfContainers(containers: readonly LiveContainer[]): Map<number, string> {
  return new Map(containers.filter(({ running }) => running).flatMap(({ name, ports }) => ports.map((port) => [port, name] as const)));
}

function existingParent(path: string): string {
  return existsSync(path) ? path : existingParent(dirname(path));
}
