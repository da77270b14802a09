import type Docker from "dockerode";
import { lastLogLines, listContainers, type LiveContainer } from "../docker/stack";

const logLines = 15;

/** Whether a container's log helps to understand a failed update. */
export function isSuspect({ running, health }: Pick<LiveContainer, "running" | "health">): boolean {
  return !running || health === "unhealthy" || health === "starting";
}

/** The last log lines of the stack's containers that are not healthy. */
export async function explainFailure(docker: Docker, stack: string): Promise<string[]> {
  const suspects = (await listContainers(docker)).filter((container) => container.stack === stack && isSuspect(container));
  const logs = await Promise.all(suspects.map(async (container) => ({ container, lines: await lastLogLines(docker, container.id, logLines) })));
  return logs.flatMap(({ container, lines }) => [
    "",
    `Last log lines of ${container.name} (${container.running ? container.health : "stopped"}):`,
    ...(lines.length === 0 ? ["  (none)"] : lines.map((line) => `  ${line}`)),
  ]);
}

/** A line for each container that keeps restarting, with the last thing it said: while an update waits for it in vain. */
export async function describeRestarts(docker: Docker, stack: string): Promise<string[]> {
  const restarting = (await listContainers(docker)).filter((container) => container.stack === stack && container.restarting);
  return Promise.all(restarting.map(async ({ id, service }) => `  trouble  ${service} keeps restarting: ${(await lastLogLines(docker, id, 1))[0] ?? "it says nothing"}`));
}
