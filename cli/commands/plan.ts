import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { exitCode } from "../failure";
import { complain, say, table } from "../output";
import { planSettings } from "../plan-settings";
import { capabilities } from "../../settings/capabilities";
import { withStack, type StackOptions } from "./options";

/** Options of the commands that look at a target without deploying to it. */
export interface TargetOptions extends StackOptions {
  readonly target?: string;
  readonly accept: readonly string[];
}

interface PlanOptions extends TargetOptions {
  readonly json?: string;
  readonly policy?: boolean;
  readonly policyConfig?: string;
}

/** Adds `--target` and `--accept`. */
export function withTarget(command: Command): Command {
  return withStack(command)
    .addOption(new Option("-t, --target <target>", `target to look at instead of the stack's own: ${Object.keys(capabilities).join(", ")}`))
    .addOption(new Option("--accept <code>", "accept a limit of the target, all for a look; may be given several times").argParser((code: string, before: string[]) => [...before, code]).default([]));
}

/** Adds the command `plan`. */
export function registerPlan(program: Command): void {
  withTarget(program.command("plan"))
    .description("show every component and resource of a stack on a target; needs no engine, plugin or account")
    .option("--json <file>", "write the plan as JSON to a file, - for stdout")
    .option("--policy", "judge the plan by the rules of the policy pack; exit code 1 when a mandatory one is broken", false)
    .option("--policy-config <file>", "levels of the rules, as for pulumi's --policy-pack-config (default in DEV: policy/dev.json)")
    .action(showPlan);
}

async function showPlan({ stack, target, accept, json, policy, policyConfig }: PlanOptions): Promise<void> {
  const settings = planSettings(stack, target, accept);
  // Loaded here: who does not ask for the rules or the plan need not wait for them.
  const judge = policy === true || policyConfig !== undefined ? (await import("../policy-judge.js")).judgeFor(settings.values.deploymentMode, policyConfig) : undefined;
  const [{ recordStack }, { counts, tree }] = await Promise.all([import("../../plan/plan.js"), import("../../plan/tree.js")]);
  const { plan, registered } = await recordStack(settings);
  const judged = judge?.(registered);
  if (judged?.stops === true) process.exitCode = exitCode.failure;
  if (json !== undefined) {
    const text = `${JSON.stringify({ ...plan, ...(judged === undefined ? {} : { findings: judged.findings }) }, undefined, 2)}\n`;
    if (json === "-") process.stdout.write(text);
    else writeFileSync(resolve(json), text);
  }
  for (const warning of plan.warnings) complain(`Warning: ${warning}`);
  if (json === "-") return;
  say(`${plan.stack} on ${plan.target}`);
  for (const line of tree(plan)) say(line);
  say("");
  say(table(["TYPE", "COUNT"], counts(plan).map(([type, count]) => [type, String(count)])));
  say("");
  say(`${plan.resources.length} resources and components on ${plan.target}; outputs:`);
  say(JSON.stringify(plan.outputs, undefined, 2));
  if (judged !== undefined) for (const line of ["", ...judged.lines]) say(line);
}
