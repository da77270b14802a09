import { dev } from "./dev";
import { prod } from "./prod";

/** What distinguishes stacks beyond their settings. */
export interface Profile {
  /** Data outlives the removal of its resource from the stack. */
  readonly retainData: boolean;
}

/** The profile of a stack: production's for PROD, else development's. */
export function profileOf(deploymentMode: "PROD" | "DEV"): Profile {
  return deploymentMode === "PROD" ? prod : dev;
}
