import { createServer } from "node:net";
import { failed, ok, type Check } from "./check";
import { portHolder } from "./port-holder";

/** A port of the host that a service is to be published on. */
export interface WantedPort {
  readonly port: number;
  readonly service: string;
}

/** A wanted port that somebody else holds. */
export interface TakenPort extends WantedPort {
  /** Name and id of the process, or the container, when it can be known. */
  readonly holder?: string;
}

/** The address that ports of the LOCAL target are published on. */
const address = "127.0.0.1";

/**
 * Probes all ports at the same time.
 *
 * @param own ports that running containers of this stack publish: those are fine
 */
export async function takenPorts(wanted: readonly WantedPort[], own: ReadonlySet<number>, containers: ReadonlyMap<number, string>): Promise<TakenPort[]> {
  const probed = await Promise.all(
    wanted
      .filter(({ port }) => !own.has(port))
      .map(async (entry): Promise<TakenPort | undefined> => {
        if (await isFree(entry.port)) return undefined;
        const container = containers.get(entry.port);
        const holder = container === undefined ? portHolder(entry.port) : `container ${container}`;
        return holder === undefined ? entry : { ...entry, holder };
      }),
  );
  return probed.filter((entry) => entry !== undefined);
}

/** One check of all ports, or an error for each one that is taken. */
export function checkPorts(wanted: readonly WantedPort[], taken: readonly TakenPort[]): Check[] {
  if (taken.length === 0) return [ok("Ports", `all ${wanted.length} are free or held by this stack`)];
  return taken.map(({ port, service, holder }) =>
    failed(
      `Port ${port}`,
      `${address}:${port}, wanted by ${service}, is held by ${holder ?? "another process"}`,
      holder?.startsWith("container ") === true ? `Stop it: docker stop ${holder.slice("container ".length)}` : "Stop that process, then run the command again",
    ),
  );
}

/** Whether the port can be listened on now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Anything but "in use" (such as a port that needs root) is Docker's to judge, not ours.
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "EADDRINUSE"));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
