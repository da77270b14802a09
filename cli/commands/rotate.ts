import { readFileSync, writeFileSync } from "node:fs";
import { type Command } from "commander";
import { parseDocument, isMap } from "yaml";
import { readPlan } from "../context";
import { CommandError, exitCode } from "../failure";
import { say, table } from "../output";
import { rotatable, rotationObstacle } from "../../services/rotation";
import { stackFile } from "../../settings/files";
import { projectRoot } from "../../toolchain/paths";
import { withStack, withYes, type StackOptions } from "./options";
import { bringUp } from "./up";

interface RotateOptions extends StackOptions {
  readonly yes: boolean;
  readonly only?: true;
}

/** Adds the command `rotate`. */
export function registerRotate(program: Command): void {
  withYes(withStack(program.command("rotate")))
    .description("make generated secrets anew and roll out who uses them; without names, list those that can be")
    .argument("[names...]", "secrets, such as secret-key, db-agent or memory-api-token")
    .option("--only", "write the new count into Pulumi.<stack>.yaml and stop: the next update rolls it out")
    .action(rotate);
}

async function rotate(names: string[], { stack, yes, only }: RotateOptions): Promise<void> {
  const { deployment, settings } = readPlan(stack);
  const counts = settings.values.rotation;
  if (names.length === 0) {
    say(table(["SECRET", "ROTATED"], rotatable(deployment).map((name) => [name, `${counts[name] ?? 0} times`])));
    return;
  }
  const obstacles = names.flatMap((name) => {
    const obstacle = rotationObstacle(name, deployment);
    return obstacle === undefined ? [] : [`${name} ${obstacle.rule}. ${obstacle.mend}${obstacle.mend.endsWith("?") ? "" : "."}`];
  });
  if (obstacles.length > 0) throw new CommandError(obstacles.join("\n"), exitCode.usage);
  const { origins } = settings;
  if (origins.rotation === "environment" || origins.rotation === ".env") throw new CommandError(`SOMASTACK_ROTATION is set in ${origins.rotation}. Move it to Pulumi.${stack}.yaml: the count belongs to the stack.`, exitCode.usage);
  const file = stackFile(stack, projectRoot);
  const next = { ...counts, ...Object.fromEntries([...new Set(names)].map((name) => [name, (counts[name] ?? 0) + 1])) };
  writeFileSync(file, withRotation(readFileSync(file, "utf8"), next));
  say(`Pulumi.${stack}.yaml: somastack:rotation is ${JSON.stringify(next)}. Keep it with the stack: the values are protected, and a count never goes back.`);
  if (only === true) return;
  await bringUp(readPlan(stack), { yes, args: ["--message", `rotate ${names.join(" ")}`], environment: {} });
}

/** The text of a stack file with the counts; everything else, comments too, stays as it is. */
export function withRotation(text: string, counts: Readonly<Record<string, number>>): string {
  const document = parseDocument(text);
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  document.setIn(["config", "somastack:rotation"], document.createNode(counts, { flow: true }));
  return document.toString({ lineWidth: 0 });
}
