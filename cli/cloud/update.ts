import { execa } from "execa";
import { projectRoot } from "../../toolchain/paths";
import type { UpOptions } from "../commands/up";
import type { Plan } from "../context";
import { CommandError, exitCode } from "../failure";
import { complain, say, table } from "../output";
import { effectiveConfig } from "../pulumi/config-file";
import { configDir } from "../pulumi/paths";
import { runQuiet, type Pulumi } from "../pulumi/run";
import { parseOutputs } from "../summary/outputs";
import { cloudTools } from "./tools";

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
  say(table(["SERVICE", "LAYER", "URL"], Object.entries(outputs.services).map(([name, { layer, url }]) => [name, layer, url ?? "-"])));
  for (const line of outputs.warnings) say(`Warning: ${line}`);
}

/**
 * Removes a stack from a cloud target; protected data stays unless `everything`.
 *
 * @throws CommandError when it is not removed.
 */
export async function cloudDown({ stack, settings }: Plan, everything: boolean, yes: boolean): Promise<void> {
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
