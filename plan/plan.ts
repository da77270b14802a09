import "../stacks/plain-stack-traces";

import type { Settings } from "../settings/load";
import { SomaStack } from "../stacks/compose";
import { projectRoot } from "../toolchain/paths";
import { record, type Registered } from "./record";

/** A resource of a plan. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN; empty for the outermost component. */
  readonly parent: string;
  /** URNs, sorted. */
  readonly dependencies: readonly string[];
  /** Secrets are "[secret]". */
  readonly inputs: unknown;
}

/** What a stack would be on a target; the same bytes for the same configuration. */
export interface Plan {
  readonly stack: string;
  readonly target: string;
  /** Sorted by URN. */
  readonly resources: readonly PlannedResource[];
  readonly outputs: unknown;
  readonly warnings: readonly string[];
}

/** How a secret is shown. */
const mask = "[secret]";
/** Key and value by which the SDK marks a secret in its envelopes. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Plans a stack: runs the very program without engine, plugin or account.
 *
 * @throws ConfigurationError when the configuration or the target refuses it
 */
export async function planStack(settings: Settings): Promise<Plan> {
  return (await recordStack(settings)).plan;
}

/**
 * Plans a stack and keeps what the program registered, for whoever judges more of it than a plan shows.
 *
 * @throws ConfigurationError when the configuration or the target refuses it
 */
export async function recordStack(settings: Settings): Promise<{ readonly plan: Plan; readonly registered: readonly Registered[] }> {
  const { stack, values } = settings;
  // What this machine found for images concerns no plan: it is the same everywhere.
  const { resources, result } = await record("somastack", stack, () => new SomaStack("somastack", { settings, lock: {} }).outputs);
  const plan = {
    stack,
    target: values.deploymentTarget,
    resources: resources.map(planned).sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0)),
    outputs: shown(result),
    warnings: [...result.warnings],
  };
  return { plan, registered: resources };
}

function planned({ urn, type, name, parent, dependencies, inputs }: Registered): PlannedResource {
  return { urn, type, name, parent, dependencies: [...dependencies].sort(), inputs: shown(inputs) };
}

/** A value as a plan shows it: secrets masked, keys sorted, paths relative to the project. */
export function shown(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(projectRoot, ".");
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  if (record[signature] === secretSignature) return mask;
  return Object.fromEntries(Object.keys(record).sort().map((key) => [key, shown(record[key])]));
}
