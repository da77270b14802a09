import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { readLevels, type Levels } from "../policy/levels";
import { projectRoot } from "../toolchain/paths";
import { CommandError, exitCode } from "./failure";

/** Levels of DEV: its data is meant to go, and one zone is enough. */
export const developmentLevels = "policy/dev.json";

/**
 * The levels of the rules for a plan: those of a file, else DEV's, else the rules' own.
 *
 * @throws CommandError when the file is none
 */
export function levelsFor(deploymentMode: "PROD" | "DEV", file?: string): Levels {
  if (file === undefined && deploymentMode === "PROD") return {};
  const path = file === undefined ? join(projectRoot, developmentLevels) : resolve(file);
  try {
    return readLevels(readFileSync(path, "utf8"), file ?? developmentLevels);
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error), exitCode.usage);
  }
}
