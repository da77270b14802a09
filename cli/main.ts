#!/usr/bin/env node
import { CommanderError } from "commander";
import { exitCode, explain } from "./failure";
import { somastack } from "./program";

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

async function main(): Promise<void> {
  // Libraries colour by this variable; a pipe and a build log get plain text.
  if (!process.stdout.isTTY || !process.stderr.isTTY) process.env["NO_COLOR"] ??= "1";
  // A reader that went away (`| head`) must not end a deployment half way.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  try {
    await (await somastack(process.argv[2])).parseAsync();
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
