import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { readPlan } from "../context";
import { CommandError } from "../failure";
import { say } from "../output";
import { renderCompose } from "../../targets/compose/render";
import { withStack, type StackOptions } from "./options";

interface RenderOptions extends StackOptions {
  readonly out?: string;
  readonly check?: boolean;
}

/** Adds the command `render` with its formats. */
export function registerRender(program: Command): void {
  const render = program.command("render").description("render the catalog in another format");
  withStack(render.command("compose"))
    .description("render the stack as a docker compose file")
    .option("-o, --out <file>", "write to a file instead of stdout")
    .option("--check", "do not write: exit code 1 when the file differs from the rendering", false)
    .action(renderComposeFile);
}

function renderComposeFile({ stack, out, check }: RenderOptions): void {
  const text = renderCompose(readPlan(stack).deployment);
  if (check === true) {
    const file = resolve(out ?? "docker-compose.yml");
    if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
      throw new CommandError(`${file} differs from the catalog. Render it anew: npm run somastack -- render compose --stack ${stack} --out ${file}`);
    }
    say(`${file} equals the rendering of the stack ${stack}`);
  } else if (out === undefined) process.stdout.write(text);
  else writeFileSync(resolve(out), text);
}
