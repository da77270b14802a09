import { planStack, type Plan } from "../../plan/plan";
import type { Settings } from "../../settings/load";
import { cloud, load, production, productionSecrets } from "./settings-support";

/** The settings of a stack that has everything a target asks for. */
export const settingsOf = (deploymentTarget: string, softwareMode: string, prod: boolean): Settings =>
  load({ ...cloud, ...(prod ? production : {}), deploymentTarget, softwareMode, accept: "all" }, { secretKeys: prod ? productionSecrets : new Set() });

const plans = new Map<string, Promise<Plan>>();
let last: Promise<unknown> = Promise.resolve();

/** The plan of {@link settingsOf}, made once for all tests that look at it. */
export function planOf(target: string, mode: "StandAlone" | "SomaStackClusterMode", prod: boolean): Promise<Plan> {
  const key = `${target} ${mode} ${prod}`;
  const known = plans.get(key);
  if (known !== undefined) return known;
  // Pulumi's mocks belong to the process: one plan at a time.
  const made = last.catch(() => undefined).then(() => planStack(settingsOf(target, mode, prod)));
  last = made;
  plans.set(key, made);
  return made;
}
