import { execa } from "execa";
import { projectRoot } from "../../toolchain/paths";
import type { UpOptions } from "../commands/up";
import type { Plan } from "../context";
import { CommandError, exitCode } from "../failure";
import { complain, say, table } from "../output";
import { effectiveConfig } from "../pulumi/config-file";
import { configDir } from "../pulumi/paths";
import { runQuiet, type Pulumi } from "../pulumi/run";
import { verifyEndpoints } from "../summary/endpoints";
import { parseOutputs, type StackOutputs } from "../summary/outputs";
import { cloudTools } from "./tools";

/** How long the names and load balancers of the public endpoints may take after the update, seconds. */
const endpointSeconds = 300;

/**
 * Deploys a stack to a cloud target. Pulumi itself shows the preview, asks and reports; `yes` answers for the operator.
 *
 * @throws CommandError when the update does not succeed.
 */
export async function cloudUp({ stack, settings }: Plan, { yes, args, environment }: UpOptions): Promise<void> {
  for (const warning of settings.warnings) complain(`Warning: ${warning}`);
  const pulumi = await cloudTools(settings.values);
  effectiveConfig(stack, projectRoot);
  await runQuiet(pulumi, configDir, ["stack", "select", stack, "--create"]);
  await runAttached({ ...pulumi, environment: { ...pulumi.environment, ...environment } }, stack, "up", yes, args);
  const outputs = parseOutputs(JSON.parse(await runQuiet(pulumi, configDir, ["stack", "output", "--json", "--stack", stack])) as Record<string, unknown>);
  await showEndpoints(outputs, settings.values.hostedZoneId !== undefined);
  for (const line of outputs.warnings) say(`Warning: ${line}`);
}

/**
 * Shows where the services are, and verifies the endpoints that are public; the others are reached inside the network only.
 *
 * @param named their names are made by this deployment, so that they have to answer
 * @throws CommandError when one of them does not
 */
async function showEndpoints({ services }: StackOutputs, named: boolean): Promise<void> {
  const urls = Object.fromEntries(Object.entries(services).flatMap(([name, { url, public: open }]) => (open && url !== undefined ? [[name, url]] : [])));
  const answers = await verifyEndpoints(urls, named ? endpointSeconds : 0);
  say(table(["SERVICE", "LAYER", "URL", "ANSWER"], Object.entries(services).map(([name, { layer, url }]) => [name, layer, url ?? "-", answers[name]?.said ?? "-"])));
  const silent = Object.entries(answers).filter(([, { serves }]) => !serves).map(([name, { said }]) => `${urls[name]} (${said})`);
  if (silent.length === 0) return;
  if (named) throw new CommandError(`The stack is deployed, but these public endpoints do not serve after ${endpointSeconds} s: ${silent.join(", ")}`);
  complain(`Warning: these public endpoints do not serve yet: ${silent.join(", ")}. Without a hosted zone their names are yours: point them to the entry of the stack.`);
}

/**
 * Removes a stack from a cloud target; protected data stays unless `everything`.
 *
 * @throws CommandError when it is not removed, and for the data of a stack in PROD, which is retained
 */
export async function cloudDown({ stack, settings }: Plan, everything: boolean, yes: boolean): Promise<void> {
  if (everything && settings.values.deploymentMode === "PROD") {
    throw new CommandError(`The data of a stack in PROD is not deleted by a command: it would be kept by AWS and forgotten by the state. Remove the rest without --volumes, or make ${stack} a stack in DEV first and update it.`, exitCode.usage);
  }
  const pulumi = await cloudTools(settings.values);
  if (everything) await runQuiet(pulumi, configDir, ["state", "unprotect", "--all", "--yes", "--stack", stack]);
  await runAttached(pulumi, stack, "destroy", yes, everything ? [] : ["--exclude-protected"]);
}

async function runAttached(pulumi: Pulumi, stack: string, command: "up" | "destroy", yes: boolean, further: readonly string[] = []): Promise<void> {
  if (!yes && (process.stdin.isTTY !== true || process.stdout.isTTY !== true)) {
    throw new CommandError(`Nobody can confirm here: add --yes to let ${command} go on without a question.`, exitCode.usage);
  }
  const args = [command, "--stack", stack, "--config-file", effectiveConfig(stack, projectRoot).file, ...(yes ? ["--yes"] : []), ...further];
  const { failed } = await execa(pulumi.bin, args, { cwd: projectRoot, env: pulumi.environment, stdio: "inherit", reject: false });
  if (failed) throw new CommandError(command === "up" ? "The update failed, see above." : "The stack was not removed, see above.");
}
