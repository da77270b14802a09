import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { CommandError } from "../failure";
import { snapshotFile } from "./paths";

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  custom: z.boolean().optional(),
  protect: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

const snapshot = z.looseObject({
  checkpoint: z.looseObject({
    latest: z
      .looseObject({
        resources: z.array(resource).nullish(),
        pending_operations: z.array(z.looseObject({ type: z.string(), resource })).nullish(),
      })
      .nullish(),
  }),
});

/** What the file backend holds of a stack, as far as the command needs it. */
export interface Snapshot {
  readonly resources: readonly z.output<typeof resource>[];
  /** Operations that a killed run left without an end. */
  readonly pending: number;
  /** Physical names of what those operations were creating. */
  readonly pendingNames: readonly string[];
  /** Outputs of the program; secrets are encrypted objects. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

const containerType = "docker:index/container:Container";

/** Reads the snapshot of a stack without starting Pulumi; undefined when the stack does not exist. */
export function readSnapshot(stack: string): Snapshot | undefined {
  const file = snapshotFile(stack);
  if (!existsSync(file)) return undefined;
  return parseSnapshot(readFileSync(file, "utf8"), file);
}

/** @throws CommandError when the text is no snapshot. */
export function parseSnapshot(text: string, file: string): Snapshot {
  const parsed = snapshot.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new CommandError(`${file} is no stack state. Restore the newest copy from the folder backups beside stacks, then run the command again.`);
  }
  const latest = parsed.data.checkpoint.latest;
  const resources = latest?.resources ?? [];
  const pending = latest?.pending_operations ?? [];
  return {
    resources,
    pending: pending.length,
    pendingNames: pending.filter(({ type }) => type === "creating").map((operation) => operation.resource.inputs?.["name"]).filter((name) => typeof name === "string"),
    outputs: resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {},
  };
}

/** Every id of the engine that the state knows: of its own resources and of the jobs that keep a container's id. */
export function knownIds(state: Snapshot): Set<string> {
  return new Set(state.resources.flatMap(({ id, outputs }) => [id, outputs?.["containerId"]]).filter((value) => typeof value === "string"));
}

/** Ids of the containers that ought to run. */
export function serviceContainerIds(state: Snapshot): string[] {
  return state.resources.flatMap(({ type, id, inputs }) =>
    type === containerType && id !== undefined && id !== "" && inputs?.["mustRun"] !== false ? [id] : [],
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
