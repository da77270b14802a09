import { Argument, type Command } from "commander";
import { capabilities } from "../../settings/capabilities";
import { parity } from "../../services/parity";
import { planDeployment } from "../../services/deployment";
import { say, table } from "../output";
import { planSettings } from "../plan-settings";
import { withStack, type StackOptions } from "./options";

/** Values longer than this are cut in the table. */
const shownCharacters = 60;

/** Adds the command `parity`. */
export function registerParity(program: Command): void {
  const targets = Object.keys(capabilities);
  withStack(program.command("parity"))
    .description("show what differs between two targets for a stack: variables, ports, probes, limits, volumes")
    .addArgument(new Argument("<a>", "a target").choices(targets))
    .addArgument(new Argument("<b>", "another target").choices(targets))
    .action(showParity);
}

function showParity(a: string, b: string, { stack }: StackOptions): void {
  const [first, second] = [a, b].map((target) => planDeployment(planSettings(stack, target, ["all"])));
  if (first === undefined || second === undefined) return;
  const rows = parity(first, second).map(({ item, what, first: one, second: other }) => [item, what, cut(one), cut(other)]);
  if (rows.length > 0) say(table(["SERVICE", "WHAT", a, b], rows));
  say(rows.length === 0 ? `${a} and ${b} do not differ for the stack ${stack}` : `${rows.length} differences between ${a} and ${b} for the stack ${stack}`);
}

function cut(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters - 1)}…` : text;
}
