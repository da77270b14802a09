import type { CustomResourceOptions } from "@pulumi/pulumi";

import type { JobSpec } from "./target";

/** Options of the resource that is a job's run: no change counts for one that is kept. One that is not there yet runs. */
export function keptOptions({ kept }: Pick<JobSpec, "kept">): Pick<CustomResourceOptions, "ignoreChanges"> {
  return kept === true ? { ignoreChanges: ["*"] } : {};
}
