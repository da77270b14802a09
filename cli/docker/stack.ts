import type Docker from "dockerode";
import { serviceLabel, stackLabel } from "./client";

/** A container as the engine has it now. */
export interface LiveContainer {
  readonly id: string;
  readonly name: string;
  /** Service or job, from the label; the name where there is none. */
  readonly service: string;
  readonly running: boolean;
  /** Its process ended and the engine starts it again and again. */
  readonly restarting: boolean;
  readonly health: "healthy" | "unhealthy" | "starting" | "none";
  /** Seconds since the epoch. */
  readonly created: number;
  /** Published host ports. */
  readonly ports: readonly number[];
  /** Started by docker compose, so not by Pulumi. */
  readonly compose: boolean;
  /** Stack of the label; undefined for a container of somebody else. */
  readonly stack?: string;
}

/** A network as the engine has it now. */
export interface LiveNetwork {
  readonly id: string;
  readonly name: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly compose: boolean;
}

/** Every container of the engine, running or not. */
export async function listContainers(docker: Docker): Promise<LiveContainer[]> {
  const all = await docker.listContainers({ all: true });
  return all.map((container) => {
    const name = container.Names[0]?.replace(/^\//, "") ?? container.Id.slice(0, 12);
    const stack = container.Labels[stackLabel];
    return {
      id: container.Id,
      name,
      service: container.Labels[serviceLabel] ?? name,
      running: container.State === "running",
      restarting: container.State === "restarting",
      health: healthOf(container.Status),
      created: container.Created,
      ports: [...new Set(container.Ports.map((port) => port.PublicPort).filter((port) => port > 0))],
      compose: container.Labels["com.docker.compose.project"] !== undefined,
      ...(stack === undefined ? {} : { stack }),
    };
  });
}

/** The networks that carry the label of a stack. */
export async function listNetworks(docker: Docker, stack: string): Promise<LiveNetwork[]> {
  const all = await docker.listNetworks({ filters: JSON.stringify({ label: [`${stackLabel}=${stack}`] }) });
  return all.map((network) => ({
    id: network.Id,
    name: network.Name,
    created: Math.floor(new Date(network.Created).getTime() / 1000),
    compose: network.Labels?.["com.docker.compose.project"] !== undefined,
  }));
}

/** The health in the status line of a container, such as `Up 3 minutes (healthy)`. */
export function healthOf(status: string): LiveContainer["health"] {
  const found = /\((healthy|unhealthy|health: starting)\)/.exec(status)?.[1];
  if (found === undefined) return "none";
  return found === "health: starting" ? "starting" : (found as "healthy" | "unhealthy");
}

/** Last lines of a container's log, without the engine's framing. Empty when it cannot be read. */
export async function lastLogLines(docker: Docker, id: string, lines: number): Promise<string[]> {
  try {
    const raw = await docker.getContainer(id).logs({ stdout: true, stderr: true, tail: lines, follow: false });
    return unframe(raw).split("\n").filter((line) => line.trim() !== "").slice(-lines);
  } catch {
    return [];
  }
}

/** Removes the 8-byte header of each frame of the engine's log stream. */
export function unframe(raw: Buffer): string {
  const parts: Buffer[] = [];
  let at = 0;
  while (at + 8 <= raw.length) {
    // A terminal's log has no frames: the first byte is then no stream number.
    if ((raw[at] ?? 255) > 2 || raw[at + 1] !== 0) return raw.toString("utf8");
    const length = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString("utf8");
}
