import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { cloudTools } from "../cloud/tools";
import { readPlan } from "../context";
import { CommandError, exitCode } from "../failure";
import { say } from "../output";
import { effectiveConfig } from "../pulumi/config-file";
import { chooseRelease, differences, readReleases, rollbackMessage } from "../pulumi/releases";
import { setUpPulumi } from "../setup";
import { rollbackVariable } from "../../stacks/rollback";
import { projectRoot, workDir } from "../../toolchain/paths";
import { withStack, withYes, type StackOptions } from "./options";
import { bringUp } from "./up";

/** Adds the command `rollback`. */
export function registerRollback(program: Command): void {
  withYes(withStack(program.command("rollback")))
    .description("return to the previous release: its images and configuration; no migration runs, data and secrets stay as they are")
    .action(({ stack, yes }: StackOptions & { readonly yes: boolean }) => rollback(stack, yes));
}

async function rollback(stack: string, yes: boolean): Promise<void> {
  const { settings } = readPlan(stack);
  const pulumi = settings.values.deploymentTarget === "LOCAL" ? await setUpPulumi(() => undefined) : await cloudTools(settings.values);
  effectiveConfig(stack, projectRoot);
  const releases = await readReleases(pulumi, stack);
  const release = chooseRelease(stack, releases);
  const plan = readPlan(stack, release);
  if (plan.settings.values.deploymentTarget !== settings.values.deploymentTarget) {
    throw new CommandError(`The release to go back to ran on ${plan.settings.values.deploymentTarget}, and the configuration names ${settings.values.deploymentTarget}: set it back first.`, exitCode.usage);
  }
  const changes = release === releases.current ? ["to the release before the update that failed"] : differences(releases.current, release);
  say(`Going back:\n${changes.map((line) => `  ${line}`).join("\n")}`);
  const file = join(workDir, `rollback-${stack}.json`);
  writeFileSync(file, JSON.stringify(release), { mode: 0o600 });
  try {
    await bringUp(plan, { yes, args: ["--message", rollbackMessage], environment: { [rollbackVariable]: file } });
  } finally {
    rmSync(file);
  }
  say(`The stack ${stack} runs the previous release. Its configuration still describes the one that was left: correct it before the next \`up\`.`);
}
