import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { workDir } from "./paths";

const decision = z.object({
  /** Reference to run; the one asked for when the image is unavailable. */
  image: z.string(),
  source: z.enum(["present", "pull", "mirror", "built", "unavailable"]),
  /** What a substitute really is, one line. */
  substitute: z.string().optional(),
  /** Why the image could not be had, or why a substitute stands in. */
  reason: z.string().optional(),
});

const lock = z.record(z.string(), decision);

/** What was decided for one image reference. */
export type ImageDecision = z.infer<typeof decision>;

/** The decisions of this checkout, by the reference that the catalog names. */
export type ImageLock = z.infer<typeof lock>;

/** Where the decisions lie. */
export const imageLockFile: string = join(workDir, "images.json");

/** The decisions written last; none when there is no file or it cannot be understood, since deciding again is cheap. */
export function readImageLock(file: string = imageLockFile): ImageLock {
  try {
    return lock.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}

/** Writes the decisions, sorted by reference, in one step: a reader never sees half a file. */
export function writeImageLock(decisions: ImageLock, file: string = imageLockFile): void {
  const sorted = Object.fromEntries(Object.entries(decisions).sort(([left], [right]) => (left < right ? -1 : 1)));
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(sorted, null, 2)}\n`);
  renameSync(draft, file);
}
