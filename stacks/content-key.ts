import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

import dockerignore from "@balena/dockerignore";

/** Folders that never belong to a build, whatever `.dockerignore` says. */
const never = new Set([".git", "node_modules", "__pycache__", ".venv"]);

/** A key of the files that a build sees: 12 hexadecimal digits that change when a path or a content does. */
export function contentKey(context: string, folders: readonly string[], further: readonly string[]): string {
  const ignoreFile = join(context, ".dockerignore");
  const ignored = dockerignore().add(existsSync(ignoreFile) ? readFileSync(ignoreFile, "utf8") : "");
  const hash = createHash("sha256");
  for (const folder of folders) {
    for (const file of filesBelow(folder)) {
      const path = relative(context, file);
      if (ignored.ignores(path)) continue;
      hash.update(path).update("\0").update(readFileSync(file)).update("\0");
    }
  }
  for (const text of further) hash.update(text).update("\0");
  return hash.digest("hex").slice(0, 12);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !never.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : []));
}
