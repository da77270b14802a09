import type Docker from "dockerode";
import { retireContainer } from "../docker/retire";
import { listNetworks, type LiveContainer } from "../docker/stack";
import { CommandError } from "../failure";
import { projectRoot } from "../../toolchain/paths";
import { effectiveConfig } from "./config-file";
import { configDir } from "./paths";
import { decideRecovery, type Recovery } from "./recovery";
import { runQuiet, type Pulumi } from "./run";
import { readTraces } from "./run-trace";
import { readSnapshot } from "./snapshot";

/** Creates the stack in the local backend when it is not there; its encryption goes to the generated configuration. */
export async function ensureStack(pulumi: Pulumi, stack: string, write: (line: string) => void): Promise<void> {
  if (readSnapshot(stack) !== undefined) return;
  write(`Creating the stack ${stack} in the local state`);
  await runQuiet(pulumi, configDir, ["stack", "init", stack, "--no-select"]);
}

/**
 * Mends what killed runs left behind: locks of dead processes, containers and networks that the state does not know.
 *
 * @throws CommandError when another run is at work on the stack.
 */
export async function recover(pulumi: Pulumi, docker: Docker, stack: string, containers: readonly LiveContainer[], write: (line: string) => void): Promise<Recovery> {
  const traces = readTraces(stack);
  if (traces.holders.length > 0) {
    throw new CommandError(`Another run (process ${[...new Set(traces.holders)].join(", ")}) is at work on the stack ${stack}. Wait until it ends, or end that process, then run the command again.`);
  }
  if (traces.staleLocks > 0) {
    write(`An earlier run was killed: releasing its lock on the stack ${stack}`);
    await runQuiet(pulumi, configDir, ["cancel", "--yes", "--stack", stack]);
  }
  const recovery = decideRecovery(stack, readSnapshot(stack), traces, containers, await listNetworks(docker, stack));
  await Promise.all(
    recovery.removeContainers.map(async ({ id, name }) => {
      write(`Removing the container ${name}: a killed run made it and the state does not know it`);
      await retireContainer(docker, id);
    }),
  );
  for (const network of recovery.removeNetworks) {
    write(`Removing the network ${network.name}: a killed run made it and the state does not know it`);
    await docker.getNetwork(network.id).remove();
  }
  if (recovery.clearPending) {
    write("Comparing the state with the engine: operations of a killed run did not end");
    const { file } = effectiveConfig(stack, projectRoot);
    await runQuiet(pulumi, projectRoot, ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", stack, "--config-file", file]);
  }
  return recovery;
}

/** Whether the stack exists in the local backend. */
export function stackExists(stack: string): boolean {
  return readSnapshot(stack) !== undefined;
}
