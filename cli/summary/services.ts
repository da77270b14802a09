import type Docker from "dockerode";
import { memoryUse, type MemoryUse } from "../docker/memory";
import { listContainers, type LiveContainer } from "../docker/stack";
import type { Health } from "../health/client";
import { say, table } from "../output";
import { substituteLines, type StackOutputs } from "./outputs";

/** Prints the table of services and what an operator should know beside it. */
export async function printSummary(docker: Docker, stack: string, outputs: StackOutputs, health: Health | undefined): Promise<void> {
  const containers = (await listContainers(docker)).filter((container) => container.stack === stack);
  const memory = new Map(
    await Promise.all(containers.filter(({ running }) => running).map(async ({ id, service }) => [service, await memoryUse(docker, id)] as const)),
  );
  say("");
  say(table(["SERVICE", "URL", "HEALTH", "MEMORY"], serviceRows(outputs, health, containers, memory)));
  say("");
  if (outputs.healthUrl !== undefined) say(`Combined health: ${outputs.healthUrl} ${health?.healthy === true ? "(all healthy)" : "(not healthy)"}`);
  for (const line of substituteLines(outputs)) say(`Substitute: ${line}`);
  for (const line of outputs.warnings) say(`Warning: ${line}`);
}

/** The rows of the table, by layer as the outputs give them. */
export function serviceRows(
  outputs: Pick<StackOutputs, "services">,
  health: Health | undefined,
  containers: readonly LiveContainer[],
  memory: ReadonlyMap<string, MemoryUse | undefined>,
): string[][] {
  return Object.entries(outputs.services).map(([name, { url, memoryMib }]) => {
    const container = containers.find(({ service, running }) => service === name && running);
    return [name, url ?? "-", health?.services[name]?.status ?? containerState(container), memoryText(memory.get(name), memoryMib)];
  });
}

function containerState(container: LiveContainer | undefined): string {
  if (container === undefined) return "not running";
  return container.health === "none" ? "running" : container.health;
}

function memoryText(use: MemoryUse | undefined, limitMib: number): string {
  const used = use === undefined ? "-" : (use.used / 2 ** 20).toFixed(0);
  return `${used} / ${limitMib} MiB`;
}
