import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { fingerprintSchema } from "./fingerprint";
import { workDir } from "./paths";

const pulumi = z.object({
  chosen: fingerprintSchema,
  version: z.string(),
  source: z.enum(["path", "npm", "modules"]),
  /** Why this source and no earlier one. */
  reason: z.string(),
  /** Folders that go before PATH. */
  folders: z.array(z.string()),
  /** The `pulumi` that was on PATH then. */
  onPath: fingerprintSchema.optional(),
  /** Hash of the modules it was built from. */
  sources: z.string().optional(),
});

const plugin = z.object({ installed: fingerprintSchema, source: z.enum(["pulled", "mirror", "modules"]), reason: z.string(), sources: z.string().optional() });

const memory = z.object({ pulumi: pulumi.optional(), plugins: z.record(z.string(), plugin) });

/** What was decided about Pulumi. */
export type PulumiDecision = z.infer<typeof pulumi>;
/** How a plugin was installed, by its folder. */
export type PluginDecision = z.infer<typeof plugin>;
/** The decisions of this checkout. */
export type ToolMemory = z.infer<typeof memory>;

/** Where the decisions lie. */
export const toolMemoryFile: string = join(workDir, "toolchain.json");

/** The decisions written last; none when there is no file or it cannot be understood, since deciding again is safe. */
export function readToolMemory(file: string = toolMemoryFile): ToolMemory {
  try {
    return memory.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return { plugins: {} };
  }
}

/** Writes the decisions in one step: a reader never sees half a file. */
export function writeToolMemory(decisions: ToolMemory, file: string = toolMemoryFile): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(decisions, null, 2)}\n`);
  renameSync(draft, file);
}
