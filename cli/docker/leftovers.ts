import type Docker from "dockerode";
import { stackLabel } from "./client";
import { listContainers, listNetworks } from "./stack";

/** Names of the data volumes of a stack. */
export async function listVolumes(docker: Docker, stack: string): Promise<string[]> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: JSON.stringify({ label: [`${stackLabel}=${stack}`] }) });
  return volumes.map(({ Name: name }) => name).sort();
}

/**
 * Removes what still carries the label of a stack after its state is destroyed: containers and networks, and the
 * volumes when their data is to go. What docker compose started stays.
 *
 * @returns what was removed
 */
export async function removeLeftovers(docker: Docker, stack: string, volumes: boolean): Promise<string[]> {
  const removed: string[] = [];
  for (const container of await listContainers(docker)) {
    if (container.stack !== stack || container.compose) continue;
    await docker.getContainer(container.id).remove({ force: true });
    removed.push(`container ${container.name}`);
  }
  for (const network of await listNetworks(docker, stack)) {
    if (network.compose) continue;
    await docker.getNetwork(network.id).remove();
    removed.push(`network ${network.name}`);
  }
  for (const name of volumes ? await listVolumes(docker, stack) : []) {
    await docker.getVolume(name).remove();
    removed.push(`volume ${name}`);
  }
  return removed;
}
