import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { z } from "zod";

/** What tells that an executable is still the one seen before, without running it. */
export const fingerprintSchema = z.object({ path: z.string(), size: z.number(), mtimeMs: z.number() });
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** The fingerprint of an executable file; undefined when there is none at the path. */
export function fingerprint(path: string): Fingerprint | undefined {
  try {
    accessSync(path, constants.X_OK);
    const { size, mtimeMs } = statSync(path);
    return size === 0 ? undefined : { path, size, mtimeMs };
  } catch {
    return undefined;
  }
}

/** Whether two fingerprints, or two absences, are the same. */
export function sameFingerprint(left: Fingerprint | undefined, right: Fingerprint | undefined): boolean {
  return left?.path === right?.path && left?.size === right?.size && left?.mtimeMs === right?.mtimeMs;
}

/**
 * The first executable of a name in a search path.
 *
 * @param searchPath folders as in PATH
 * @param except folders below this one are passed over: none by default
 */
export function findExecutable(name: string, searchPath: string, except?: string): Fingerprint | undefined {
  for (const folder of searchPath.split(delimiter)) {
    if (folder === "" || (except !== undefined && `${folder}${sep}`.startsWith(`${except}${sep}`))) continue;
    const found = fingerprint(join(folder, name));
    if (found !== undefined) return found;
  }
  return undefined;
}
