import type { Command } from "commander";
import { CommandError } from "../failure";
import { askHealth } from "../health/client";
import { say, table } from "../output";
import { readOutputs } from "../summary/outputs";
import { withStack, type StackOptions } from "./options";

/** Adds the command `health`. */
export function registerHealth(program: Command): void {
  withStack(program.command("health"))
    .description("ask the combined health endpoint; exit code 1 when a service is not healthy")
    .action(({ stack }: StackOptions) => showHealth(stack));
}

async function showHealth(stack: string): Promise<void> {
  const { healthUrl } = readOutputs(stack);
  if (healthUrl === undefined) throw new CommandError(`The stack ${stack} is not deployed here. Deploy it with: npm run up -- --stack ${stack}`);
  // On a cloud target it is an internal name: the machine has to be inside the network, or on its VPN.
  const health = await askHealth(healthUrl);
  const rows = Object.entries(health.services).map(([name, { status, layer, latencyMs, error }]) => [
    name, layer ?? "-", status, latencyMs === undefined ? "-" : `${latencyMs.toFixed(0)} ms`, error ?? "",
  ]);
  if (rows.length > 0) say(table(["SERVICE", "LAYER", "HEALTH", "LATENCY", "ERROR"], rows));
  if (!health.healthy) throw new CommandError(`Not healthy: ${health.failing.join(", ")}`);
}
