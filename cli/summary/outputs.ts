import { z } from "zod";
import { CommandError } from "../failure";
import { readSnapshot } from "../pulumi/snapshot";

const service = z.looseObject({ url: z.string().optional(), public: z.boolean().default(false), layer: z.string(), memoryMib: z.number() });

const outputs = z.looseObject({
  services: z.record(z.string(), service).default({}),
  healthUrl: z.string().optional(),
  substitutes: z.union([z.array(z.string()), z.record(z.string(), z.string())]).default([]),
  warnings: z.array(z.string()).default([]),
});

/** The stack's outputs that the command shows. */
export type StackOutputs = z.output<typeof outputs>;

/** Reads the outputs out of the local state, without starting Pulumi. */
export function readOutputs(stack: string): StackOutputs {
  return parseOutputs(readSnapshot(stack)?.outputs ?? {});
}

/** @throws CommandError when the state comes from another version of the program. */
export function parseOutputs(raw: Readonly<Record<string, unknown>>): StackOutputs {
  const parsed = outputs.safeParse(raw);
  if (!parsed.success) throw new CommandError("The stack's outputs are of another version of the program. Run `npm run up` again.");
  return parsed.data;
}

/** The substitutes as lines. */
export function substituteLines({ substitutes }: Pick<StackOutputs, "substitutes">): string[] {
  return Array.isArray(substitutes) ? substitutes : Object.entries(substitutes).map(([reference, substitute]) => `${reference}: ${substitute}`);
}
