#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { registerCost } from "./commands/cost";
import { registerDoctor } from "./commands/doctor";
import { registerDown } from "./commands/down";
import { registerEnv } from "./commands/env";
import { registerHealth } from "./commands/health";
import { registerDiagram } from "./commands/diagram";
import { registerParity } from "./commands/parity";
import { registerPlan } from "./commands/plan";
import { registerRender } from "./commands/render";
import { registerSetup } from "./commands/setup";
import { registerUp } from "./commands/up";
import { exitCode, explain } from "./failure";

/** The `somastack` command with all its subcommands. */
export function program(): Command {
  const command = new Command("somastack")
    .description("Deploys SomaStack. Exit codes: 0 success, 1 failure, 2 usage or configuration.")
    .showHelpAfterError("(--help lists the commands and options)")
    .exitOverride();
  for (const register of [registerUp, registerDown, registerSetup, registerDoctor, registerHealth, registerPlan, registerCost, registerParity, registerDiagram, registerRender, registerEnv]) register(command);
  return command;
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

async function main(): Promise<void> {
  // Libraries colour by this variable; a pipe and a build log get plain text.
  if (!process.stdout.isTTY || !process.stderr.isTTY) process.env["NO_COLOR"] ??= "1";
  // A reader that went away (`| head`) must not end a deployment half way.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCode.success : exitCode.usage;
      return;
    }
    const { text, code } = explain(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = code;
  }
}

void main();
