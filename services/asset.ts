import { readFileSync } from "node:fs";
import { join } from "node:path";

import { projectRoot } from "../toolchain/paths";

/** Content of a file of `services/files/`. */
export function asset(name: string): string {
  return readFileSync(join(projectRoot, "services", "files", name), "utf8");
}
