import { posix } from "node:path";
import { gzipSync } from "node:zlib";

import type { WorkloadSpec } from "../target";

/** A folder of a task that its containers share: empty at first, gone with the task. */
export interface Folder {
  /** Name of the task's volume. */
  readonly volume: string;
  /** Where the workload sees it. */
  readonly path: string;
  /** Where the helper prepares it. */
  readonly prepared: string;
  /** Whether the workload writes to it. */
  readonly writable: boolean;
}

/** Folders of the system that a file's volume would hide. */
const system = ["/", "/bin", "/dev", "/etc", "/lib", "/lib64", "/opt", "/proc", "/sbin", "/sys", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/sbin", "/var", "/var/lib"];

/**
 * The folders that a workload needs besides its data: its writable ones, and one for each place that gets files. A place below
 * another one is part of it. Fargate has no in-memory folders and no way to put a file into a container; on instances of ours
 * it is done alike.
 *
 * @param taken paths of the data volumes
 * @throws Error when a file would hide a folder of the system or lies in a data volume
 */
export function foldersOf(owner: string, { tmpfs, files }: Pick<WorkloadSpec, "tmpfs" | "files">, taken: readonly string[]): Folder[] {
  const writable = tmpfs.map((entry) => posix.normalize(entry.split(":")[0] ?? ""));
  const places = files.map(({ path }) => posix.dirname(posix.normalize(path)));
  for (const place of places) {
    if (system.includes(place)) throw new Error(`${owner}: a file in ${place} would hide what the image has there; put it into a folder of its own`);
    const volume = taken.find((path) => isWithin(place, path));
    if (volume !== undefined) throw new Error(`${owner}: a file in ${place} lies in the data volume ${volume}; put it elsewhere`);
  }
  const all = [...new Set([...writable, ...places])].sort();
  const roots = all.filter((path) => !all.some((other) => other !== path && isWithin(path, other)));
  return roots.map((path, index) => ({ volume: `folder-${index}`, path, prepared: `/prepared/${index}`, writable: writable.some((folder) => isWithin(folder, path)) }));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** The configuration of the command `files` of the operations image, as JSON: which folders it prepares, and their files. */
export function filesConfiguration(folders: readonly Folder[], files: readonly { readonly path: string; readonly content: string }[]): string {
  const placed = files.map(({ path, content }) => {
    const folder = folders.find((candidate) => isWithin(posix.normalize(path), candidate.path));
    return { path: posix.join(folder?.prepared ?? "", posix.relative(folder?.path ?? "", posix.normalize(path))), content };
  });
  return JSON.stringify({
    folders: folders.map(({ prepared, writable }) => ({ path: prepared, writable })),
    ...(placed.length === 0 ? {} : { archive: compressed(JSON.stringify(placed)) }),
  });
}

/** gzip in base64, the same on every machine: its header's tenth byte names the system that made it. */
function compressed(text: string): string {
  const bytes = gzipSync(text, { level: 9 });
  bytes[9] = 255;
  return bytes.toString("base64");
}
