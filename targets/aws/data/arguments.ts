import type { CustomResourceOptions } from "@pulumi/pulumi";

import { AwsSecret } from "../secrets";
import type { DataSpec, Profile } from "../../target";
import type { AwsFoundation } from "../foundation";

/** Arguments of a managed data service. */
export interface ManagedArgs {
  readonly foundation: AwsFoundation;
  readonly spec: DataSpec;
}

/** Production keeps data: it cannot be deleted by a plan, and outlives its stack. */
export function kept({ production, retainData }: Profile): Pick<CustomResourceOptions, "protect" | "retainOnDelete"> {
  return { protect: production, retainOnDelete: retainData };
}

/** The password of a data service. @throws Error when the catalog gave it none */
export function passwordOf(name: string, spec: DataSpec): AwsSecret {
  if (spec.password === undefined) throw new Error(`${name} needs a password`);
  return AwsSecret.of(spec.password);
}
