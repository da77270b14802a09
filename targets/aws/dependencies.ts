import * as pulumi from "@pulumi/pulumi";

import type { Options } from "../target";

/** The resources of an option `dependsOn`: one, or a list as the program gives it. */
export function resourcesOf(dependsOn: Options["dependsOn"]): pulumi.Resource[] {
  const list: unknown[] = Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  return list.filter((item) => pulumi.Resource.isInstance(item));
}
