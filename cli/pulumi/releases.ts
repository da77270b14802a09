import { z } from "zod";
import { releaseSchema, type Release } from "../../settings/release";
import { CommandError } from "../failure";
import { configDir } from "./paths";
import { runQuiet, type Pulumi } from "./run";

/** Message of an update that goes back: the history tells it from others. */
export const rollbackMessage = "somastack rollback";

const outputs = z.looseObject({ release: z.looseObject({ current: releaseSchema, previous: releaseSchema.nullish() }).optional() });
const updates = z.array(z.looseObject({ kind: z.string(), result: z.string(), message: z.string().default("") }));

/** What the stack's state and history tell of its releases. */
export interface Releases {
  /** Of the last update that succeeded. */
  readonly current: Release;
  /** Of the one before it; absent until there are two. */
  readonly previous?: Release;
  /** Whether the last update failed, and whether it was on its way back. */
  readonly failed: boolean;
  readonly goingBack: boolean;
}

/** Reads the releases of a stack. @throws CommandError when none is recorded */
export async function readReleases(pulumi: Pulumi, stack: string): Promise<Releases> {
  const read = async (...args: string[]): Promise<unknown> => JSON.parse(await runQuiet(pulumi, configDir, ["stack", ...args, "--json", "--stack", stack]));
  return parseReleases(stack, await read("output"), await read("history", "--page-size", "1"));
}

/** @throws CommandError when no release is recorded */
export function parseReleases(stack: string, output: unknown, history: unknown): Releases {
  const { release } = outputs.parse(output);
  if (release === undefined) throw new CommandError(`No release of the stack ${stack} is recorded: deploy it first.`);
  const latest = updates.parse(history)[0];
  return {
    current: release.current,
    ...(release.previous === undefined || release.previous === null ? {} : { previous: release.previous }),
    failed: latest?.kind === "update" && latest.result !== "succeeded",
    goingBack: latest?.message === rollbackMessage,
  };
}

/**
 * The release to go back to: of the last update that succeeded when the latest one failed, else the one before. A way back that failed is
 * tried again.
 *
 * @throws CommandError when there is none
 */
export function chooseRelease(stack: string, { current, previous, failed, goingBack }: Releases): Release {
  if (failed && !goingBack) return current;
  if (previous === undefined) throw new CommandError(`The stack ${stack} has had one release alone: there is none to go back to.`);
  return previous;
}

/** A line for each setting and image that the release changes. */
export function differences(from: Release, to: Release): string[] {
  const flat = ({ settings, images }: Release): Record<string, string> => ({ ...settings, ...Object.fromEntries(Object.entries(images).map(([name, reference]) => [`images.${name}`, reference])) });
  const [before, after] = [flat(from), flat(to)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().filter((key) => before[key] !== after[key]).map((key) => `somastack:${key}: ${before[key] ?? "(not set)"} -> ${after[key] ?? "(not set)"}`);
}
