import type { Registered } from "../plan/record";
import { evaluate, stops, type Finding } from "../policy/evaluate";
import { ofRegistered } from "../policy/planned";
import type { SettingValues } from "../settings/definitions";
import { levelsFor } from "./policy-levels";
import { report } from "./policy-report";

/** What the rules say of a plan. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** Whether one of them stops a deployment. */
  readonly stops: boolean;
  /** For people. */
  readonly lines: readonly string[];
}

/**
 * A judge with the levels of a mode, or of a file.
 *
 * @throws CommandError when the file is no configuration of levels
 */
export function judgeFor(mode: SettingValues["deploymentMode"], file: string | undefined): (resources: readonly Registered[]) => Judgement {
  const levels = levelsFor(mode, file);
  return (resources) => {
    const findings = evaluate(resources.map(ofRegistered), { levels });
    return { findings, stops: stops(findings), lines: report(findings) };
  };
}
