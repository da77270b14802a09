import { readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { docker } from "../support";

/** Begins the name of every project, network and folder of the stand-in instances. */
export const ec2Prefix = "somastack-ec2";

const ours = (labels: Readonly<Record<string, string>> | null | undefined): boolean => labels?.["com.docker.compose.project"]?.startsWith(`${ec2Prefix}-`) === true;

/** Removes all that stand-in instances have on this machine: containers, networks, volumes, mounted disks, folders. */
export async function removeInstances(): Promise<void> {
  const containers = (await docker.listContainers({ all: true })).filter(({ Labels }) => ours(Labels));
  await Promise.all(containers.map(async ({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  const networks = (await docker.listNetworks()).filter(({ Labels }) => ours(Labels));
  await Promise.all(networks.map(async ({ Id }) => docker.getNetwork(Id).remove()));
  const { Volumes: volumes } = await docker.listVolumes();
  await Promise.all(volumes.filter(({ Labels }) => ours(Labels)).map(async ({ Name }) => docker.getVolume(Name).remove()));
  const folder = join(tmpdir(), `${ec2Prefix}-`);
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n").flatMap((line) => line.split(" ")[1] ?? []);
  for (const mount of mounts.filter((path) => path.startsWith(folder))) await execa("umount", [mount]);
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(`${ec2Prefix}-`))) rmSync(join(tmpdir(), name), { recursive: true });
}
