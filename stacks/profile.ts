import type { Profile } from "../targets/target";
import { dev } from "./dev";
import { prod } from "./prod";

/** The profile of a stack: production's for PROD, else development's. */
export function profileOf(deploymentMode: "PROD" | "DEV"): Profile {
  return deploymentMode === "PROD" ? prod : dev;
}
