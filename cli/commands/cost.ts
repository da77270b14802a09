import { Option, type Command } from "commander";

import { complain, say, table } from "../output";
import { planSettings } from "../plan-settings";
import { withTarget, type TargetOptions } from "./plan";

interface CostOptions extends TargetOptions {
  readonly details?: true;
  readonly format: "table" | "markdown" | "json";
}

/** Adds the command `cost`. */
export function registerCost(program: Command): void {
  withTarget(program.command("cost"))
    .description("estimate what a stack costs a month on a target, from the plan and dated list prices")
    .option("--details", "every resource instead of a sum for each service")
    .addOption(new Option("--format <format>", "how to print it").choices(["table", "markdown", "json"]).default("table"))
    .action(showCost);
}

async function showCost({ stack, target, accept, details, format }: CostOptions): Promise<void> {
  const settings = planSettings(stack, target, accept);
  // Loaded here: the other commands need not wait for Pulumi's SDK.
  const [{ planStack }, { costOf }, { markdown, reportOf }] = await Promise.all([import("../../plan/plan.js"), import("../../cost/cost.js"), import("../../cost/report.js")]);
  const plan = await planStack(settings);
  const cost = costOf(plan, settings.values.region);
  for (const warning of plan.warnings) complain(`Warning: ${warning}`);
  if (format === "json") {
    say(JSON.stringify(cost, undefined, 2));
    return;
  }
  const report = reportOf(cost, details === true);
  if (format === "markdown") {
    say(markdown(report));
    return;
  }
  say(report.title);
  say("");
  say(table(report.head, report.rows));
  say("");
  report.notes.forEach(say);
}
