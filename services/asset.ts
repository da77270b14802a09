import { readFileSync } from "node:fs";
import { join } from "node:path";

import { projectRoot } from "../toolchain/paths";

/** Content of a file of `services/files/`. */
export function asset(name: string): string {
  return projectFile(join("services", "files", name));
}

/** Content of a file of the project. */
export function projectFile(path: string): string {
  return readFileSync(join(projectRoot, path), "utf8");
}
