import type { Command } from "commander";
import type Docker from "dockerode";
import { cloudUp } from "../cloud/update";
import { readPlan, type Plan } from "../context";
import { connect, connectNewest } from "../docker/client";
import { listVolumes } from "../docker/leftovers";
import { listContainers } from "../docker/stack";
import { CommandError, exitCode } from "../failure";
import { awaitHealth } from "../health/client";
import { complain, say } from "../output";
import { describeCheck } from "../preflight/check";
import { refuseFaults } from "../preflight/refuse";
import { preflight, probeMachine } from "../preflight/run";
import { effectiveConfig } from "../pulumi/config-file";
import { runUpdate } from "../pulumi/run";
import { beginRun, endRun } from "../pulumi/run-trace";
import { ensureStack, recover, stackExists } from "../pulumi/stack";
import { setUp, type Tools } from "../setup";
import { projectRoot } from "../../toolchain/paths";
import { describeRestarts, explainFailure } from "../summary/failure";
import { printSummary } from "../summary/services";
import { readOutputs } from "../summary/outputs";
import { withStack, withYes, type StackOptions } from "./options";

/** How long the combined health may take to turn 200 after the update, seconds. */
const healthDeadlineSeconds = 120;

/** Adds the command `up`. */
export function registerUp(program: Command): void {
  withYes(withStack(program.command("up")))
    .description("set the machine up, deploy the stack and show where its services are")
    .action((options: StackOptions & { readonly yes: boolean }) => bringUp(readPlan(options.stack), { yes: options.yes, args: [], environment: {} }));
}

/** How an update runs beside its plan. */
export interface UpOptions {
  readonly yes: boolean;
  /** Further arguments of `pulumi up`. */
  readonly args: readonly string[];
  /** Further variables of the program. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Deploys a plan to its target and shows where its services are. */
export async function bringUp(plan: Plan, options: UpOptions): Promise<void> {
  if (plan.settings.values.deploymentTarget !== "LOCAL") {
    await cloudUp(plan, options);
    return;
  }
  for (const warning of plan.settings.warnings) complain(`Warning: ${warning}`);
  const checks = await preflight(plan, await probeMachine());
  for (const check of checks.filter(({ state }) => state === "warning")) complain(`Warning: ${describeCheck(check)}`);
  refuseFaults(checks);
  await deploy(plan, await setUp(plan), options);
}

async function deploy(plan: Plan, tools: Tools, { args, environment }: UpOptions): Promise<void> {
  const { stack } = plan;
  const docker = connect(tools.socket);
  const config = effectiveConfig(stack, projectRoot);
  await refuseStrangeData(docker, stack);
  await ensureStack(tools.pulumi, stack, say);
  const recovery = await recover(tools.pulumi, docker, stack, await listContainers(docker), say);
  if (recovery.foreign.length > 0) {
    const names = recovery.foreign.map(({ name }) => name).join(", ");
    throw new CommandError(`Containers of a stack ${stack} are here that this checkout did not make: ${names}. Run \`npm run down\` in the checkout that did, or here to remove them.`);
  }
  if (recovery.refresh !== undefined) say(`Comparing the state with the engine first: ${recovery.refresh}`);
  // The salt that the creation of the stack just made belongs to the configuration too.
  const { file } = config.tracked ? config : effectiveConfig(stack, projectRoot);
  beginRun(stack);
  const result = await runUpdate(
    { ...tools.pulumi, environment: { ...tools.pulumi.environment, ...environment } },
    `up-${stack}`,
    ["up", "--yes", "--skip-preview", "--parallel", "64", "--stack", stack, "--config-file", file, ...(recovery.refresh === undefined ? [] : ["--refresh"]), ...args],
    say,
    () => describeRestarts(docker, stack),
  );
  if (result.ended) endRun(stack);
  if (result.code !== 0) {
    for (const line of await explainFailure(docker, stack)) complain(line);
    throw new CommandError(
      result.interrupted ? `Interrupted. Run the command again to finish; the full log is ${result.log}` : `The update failed; the full log is ${result.log}`,
      result.interrupted ? exitCode.interrupted : exitCode.failure,
    );
  }
  await finish(plan, tools);
}

/** Data whose passwords are lost cannot be used, and is not ours to delete. */
async function refuseStrangeData(docker: Docker, stack: string): Promise<void> {
  if (stackExists(stack)) return;
  const volumes = await listVolumes(docker, stack);
  if (volumes.length === 0) return;
  throw new CommandError(
    `Data volumes of a stack ${stack} are here (${volumes.join(", ")}), but the state that holds their passwords is not. ` +
      `Deploy from the checkout that made them, restore its folder .somastack, or delete the data: npm run down -- --stack ${stack} --volumes`,
  );
}

async function finish({ stack }: Plan, tools: Tools): Promise<void> {
  const outputs = readOutputs(stack);
  const docker = await connectNewest(tools.socket);
  const health = outputs.healthUrl === undefined ? undefined : await awaitHealth(outputs.healthUrl, healthDeadlineSeconds);
  await printSummary(docker, stack, outputs, health);
  if (health !== undefined && !health.healthy) {
    for (const line of await explainFailure(docker, stack)) complain(line);
    throw new CommandError(`Not every service is healthy after ${healthDeadlineSeconds} s: ${health.failing.join(", ")}`);
  }
}
