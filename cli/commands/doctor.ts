import type { Command } from "commander";
import { readPlan } from "../context";
import { CommandError } from "../failure";
import { say, table } from "../output";
import { preflight, probeMachine } from "../preflight/run";
import { toolChecks } from "../preflight/tools";
import { withStack, type StackOptions } from "./options";

const signs = { ok: "ok", warning: "WARNING", error: "ERROR" } as const;

/** Adds the command `doctor`. */
export function registerDoctor(program: Command): void {
  withStack(program.command("doctor"))
    .description("show every check of the machine and every tool; exit code 1 when something would stop `up`")
    .action(({ stack }: StackOptions) => doctor(stack));
}

async function doctor(stack: string): Promise<void> {
  const plan = readPlan(stack);
  // A cloud target asks nothing of this machine but its tools.
  const ofMachine = plan.settings.values.deploymentTarget === "LOCAL" ? await preflight(plan, await probeMachine()) : [];
  const checks = [...toolChecks(process.env["PATH"]), ...ofMachine];
  say(table(["CHECK", "STATE", "FOUND", "MEND"], checks.map(({ name, state, detail, mend }) => [name, signs[state], detail, mend ?? ""])));
  for (const text of plan.settings.warnings) say(`Warning: ${text}`);
  const errors = checks.filter(({ state }) => state === "error");
  if (errors.length > 0) throw new CommandError(`${errors.length} of ${checks.length} checks would stop \`up\`: ${errors.map(({ name }) => name).join(", ")}`);
}
