import { existsSync, rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { cloudDown } from "../cloud/update";
import { readPlan } from "../context";
import { connect } from "../docker/client";
import { listContainers } from "../docker/stack";
import { listVolumes, removeLeftovers } from "../docker/leftovers";
import { CommandError, exitCode } from "../failure";
import { complain, say } from "../output";
import { configDir } from "../pulumi/paths";
import { effectiveConfig, generatedFile } from "../pulumi/config-file";
import { runQuiet, runUpdate, type Pulumi } from "../pulumi/run";
import { beginRun, endRun } from "../pulumi/run-trace";
import { readSnapshot } from "../pulumi/snapshot";
import { recover, stackExists } from "../pulumi/stack";
import { setUpPulumi } from "../setup";
import { readSources } from "../../settings/files";
import { projectRoot } from "../../toolchain/paths";
import { withStack, withYes, type StackOptions } from "./options";

interface DownOptions extends StackOptions {
  readonly volumes: boolean;
  readonly yes: boolean;
}

/** Adds the command `down`. */
export function registerDown(program: Command): void {
  withYes(withStack(program.command("down")))
    .description("remove the stack; data volumes and generated passwords stay unless --volumes is given")
    .option("--volumes", "remove the data volumes, the passwords and the stack itself, too", false)
    .action(down);
}

async function down({ stack, volumes, yes }: DownOptions): Promise<void> {
  // Faulty settings must not keep anybody from removing a stack of this machine; a misspelt stack is refused.
  const { config } = readSources(stack, projectRoot, {});
  if ((config["deploymentTarget"] ?? "LOCAL") !== "LOCAL") {
    await cloudDown(readPlan(stack), volumes, yes);
    return;
  }
  if (volumes && !yes) await confirm(stack);
  const tools = await setUpPulumi(() => undefined);
  const docker = connect(tools.socket);
  if (stackExists(stack)) {
    await recover(tools, docker, stack, await listContainers(docker), say);
    await destroy(tools, stack, volumes);
  }
  const removed = await removeLeftovers(docker, stack, volumes);
  for (const name of removed) say(`  removed  ${name}, which no state knew`);
  if (volumes) {
    say(`The stack ${stack} and its data are gone.`);
  } else {
    const kept = await listVolumes(docker, stack);
    say(kept.length === 0 ? `The stack ${stack} is down.` : `The stack ${stack} is down. Kept: ${kept.length} data volumes and their passwords (remove them: npm run down -- --volumes).`);
  }
}

async function destroy(pulumi: Pulumi, stack: string, everything: boolean): Promise<void> {
  if (everything) {
    if (readSnapshot(stack)?.resources.some(({ protect }) => protect === true) === true) {
      await runQuiet(pulumi, configDir, ["state", "unprotect", "--all", "--yes", "--stack", stack]);
    }
  } else if (nothingToDestroy(stack)) return;
  beginRun(stack);
  const { file } = effectiveConfig(stack, projectRoot);
  const result = await runUpdate(
    pulumi,
    `down-${stack}`,
    ["destroy", "--yes", "--skip-preview", "--stack", stack, "--config-file", file, ...(everything ? [] : ["--exclude-protected"])],
    say,
  );
  if (result.ended) endRun(stack);
  if (result.code !== 0) {
    complain(`The full log is ${result.log}`);
    throw new CommandError(result.interrupted ? "Interrupted. Run the command again to finish." : "The stack was not removed.", result.interrupted ? exitCode.interrupted : exitCode.failure);
  }
  if (everything) {
    await runQuiet(pulumi, configDir, ["stack", "rm", "--yes", "--stack", stack]);
    if (existsSync(generatedFile(stack))) rmSync(generatedFile(stack));
  }
}

/** Whether only what `down` keeps is left: protected resources, the components and providers around them. */
function nothingToDestroy(stack: string): boolean {
  const resources = readSnapshot(stack)?.resources ?? [];
  return resources.every(({ type, custom, protect }) => protect === true || custom !== true || type.startsWith("pulumi:providers:"));
}

/** Asks where somebody can answer; in a script the option itself is the answer. */
async function confirm(stack: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return;
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`This deletes all data of the stack ${stack}. Continue? (y/N) `);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError("Nothing was removed.");
}
