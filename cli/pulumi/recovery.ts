import type { LiveContainer, LiveNetwork } from "../docker/stack";
import { knownIds, serviceContainerIds, type Snapshot } from "./snapshot";
import type { Traces } from "./run-trace";

/** What has to be done before an update can converge. */
export interface Recovery {
  /** Containers that a killed run made and the state does not know. */
  readonly removeContainers: readonly LiveContainer[];
  readonly removeNetworks: readonly LiveNetwork[];
  /** Whether the state still lists operations that did not end; Pulumi forgets them only when told to. */
  readonly clearPending: boolean;
  /** Why the update has to look at the engine first; undefined when the state is true as it is. */
  readonly refresh?: string;
  /** Running containers of the stack that neither the state nor a killed run explains: another checkout's, or the state was deleted. */
  readonly foreign: readonly LiveContainer[];
}

/**
 * Decides how to mend what killed runs and hands from outside left behind. Volumes are never removed.
 *
 * @param containers every container of the engine
 * @param networks the networks of the stack
 */
export function decideRecovery(
  stack: string,
  state: Snapshot | undefined,
  traces: Traces,
  containers: readonly LiveContainer[],
  networks: readonly LiveNetwork[],
): Recovery {
  const known = state === undefined ? new Set<string>() : knownIds(state);
  const pendingNames = new Set(state?.pendingNames);
  const isOrphan = ({ id, name, created, compose }: { id: string; name: string; created: number; compose: boolean }): boolean =>
    !compose && !known.has(id) && (pendingNames.has(name) || (traces.interrupted !== undefined && created >= traces.interrupted.startedAt));
  const ours = containers.filter((container) => container.stack === stack && !container.compose);
  const removeContainers = ours.filter(isOrphan);
  const refresh = state === undefined ? undefined : refreshReason(state, ours);
  return {
    removeContainers,
    removeNetworks: networks.filter(isOrphan),
    clearPending: state !== undefined && state.pending > 0,
    foreign: ours.filter((container) => container.running && !known.has(container.id) && !removeContainers.includes(container)),
    ...(refresh === undefined ? {} : { refresh }),
  };
}

function refreshReason(state: Snapshot, containers: readonly LiveContainer[]): string | undefined {
  const running = new Set(containers.filter((container) => container.running).map(({ id }) => id));
  const missing = serviceContainerIds(state).filter((id) => !running.has(id));
  if (missing.length === 0) return undefined;
  const names = missing.map((id) => containers.find((container) => container.id === id)?.service ?? id.slice(0, 12));
  return `not running any more: ${names.join(", ")}`;
}
