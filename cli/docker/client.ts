import Docker from "dockerode";

export { serviceLabel, stackLabel } from "../../targets/docker/hardening";

/** A client for an engine that the toolchain found: the path of a socket, or DOCKER_HOST as it stands. */
export function connect(socket: string): Docker {
  return socket.startsWith("/") ? new Docker({ socketPath: socket }) : new Docker();
}

/** A client that names the engine's own API version: without it the engine serves its oldest, which lacks one-shot statistics. */
export async function connectNewest(socket: string): Promise<Docker> {
  const { ApiVersion: version } = await connect(socket).version();
  return new Docker({ ...(socket.startsWith("/") ? { socketPath: socket } : {}), version: `v${version}` });
}

/** What an engine tells about itself. */
export interface EngineFacts {
  readonly version: string;
  /** Folder of images and volumes. */
  readonly dataRoot: string;
  /** Memory that the engine has, MiB (less than the host's inside a virtual machine). */
  readonly memoryMib: number;
}

/** Asks an engine for its facts. */
export async function engineFacts(docker: Docker): Promise<EngineFacts> {
  const info = (await docker.info()) as { ServerVersion: string; DockerRootDir: string; MemTotal: number };
  return { version: info.ServerVersion, dataRoot: info.DockerRootDir, memoryMib: Math.floor(info.MemTotal / 2 ** 20) };
}
