import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";

/** An engine that answers. */
export interface Engine {
  readonly docker: Docker;
  /** Version of the engine, such as `28.2.2`. */
  readonly version: string;
  /** Its address: `DOCKER_HOST` as it stands, else the path of a socket. */
  readonly socket: string;
}

/** Where an engine is looked for when DOCKER_HOST is not set: the default, Docker Desktop, rootless. */
export function socketPaths(): string[] {
  const runtime = process.env["XDG_RUNTIME_DIR"];
  return ["/var/run/docker.sock", join(homedir(), ".docker", "run", "docker.sock"), ...(runtime === undefined ? [] : [join(runtime, "docker.sock")])];
}

/** Result of asking for an engine: one that answers, or what each address said. */
export type EngineSearch = { readonly engine: Engine } | { readonly engine?: never; readonly answers: readonly string[] };

/** Asks DOCKER_HOST, else each known socket, for an engine. Never throws. */
export async function findEngine(): Promise<EngineSearch> {
  const host = process.env["DOCKER_HOST"];
  const candidates = host === undefined || host === "" ? socketPaths().map((path) => [path, () => new Docker({ socketPath: path })] as const) : [[host, () => new Docker()] as const];
  const answers: string[] = [];
  for (const [socket, open] of candidates) {
    if (socket.startsWith("/") && !existsSync(socket)) {
      answers.push(`${socket}: no such socket`);
      continue;
    }
    try {
      const docker = open();
      const { Version: version } = await docker.version();
      return { engine: { docker, version, socket } };
    } catch (error) {
      answers.push(`${socket}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { answers };
}
