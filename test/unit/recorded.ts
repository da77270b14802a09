import { recordStack } from "../../plan/plan";
import type { Settings } from "../../settings/load";
import { cloud, load, production, productionSecrets } from "./settings-support";

type Recorded = Awaited<ReturnType<typeof recordStack>>;

const recorded = new Map<string, Promise<Recorded>>();

/** Settings that every target accepts, in a software mode, for development or production. */
export function settingsOf(deploymentTarget: string, softwareMode: string, prod: boolean): Settings {
  return load({ ...cloud, ...(prod ? production : {}), deploymentTarget, softwareMode, accept: "all" }, { secretKeys: prod ? productionSecrets : new Set() });
}

/** The stack of such settings, recorded once for all tests: a large one takes seconds. */
export function recordedStack(target: string, mode: string, prod: boolean): Promise<Recorded> {
  const key = `${target} ${mode} ${String(prod)}`;
  const found = recorded.get(key) ?? recordStack(settingsOf(target, mode, prod));
  recorded.set(key, found);
  return found;
}
