import { readFileSync } from "node:fs";

import { releaseSchema, type Release } from "../settings/release";

/** Variable that names the file of the release that a run goes back to. */
export const rollbackVariable = "SOMASTACK_ROLLBACK";

/** The release that this run goes back to; undefined for an update by the configuration as it stands. */
export function rollbackRelease(environment: NodeJS.ProcessEnv): Release | undefined {
  const file = environment[rollbackVariable];
  return file === undefined ? undefined : releaseSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}
