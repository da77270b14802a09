import type { Command } from "commander";
import { cloudTools } from "../cloud/tools";
import { readPlan } from "../context";
import { say } from "../output";
import { setUp } from "../setup";
import { withStack, withYes, type StackOptions } from "./options";

/** Adds the command `setup`. */
export function registerSetup(program: Command): void {
  withYes(withStack(program.command("setup")))
    .description("get everything that `up` needs (engine, Pulumi, plugins, images) without deploying")
    .action(async ({ stack }: StackOptions) => {
      const plan = readPlan(stack);
      const { deploymentTarget } = plan.settings.values;
      if (deploymentTarget !== "LOCAL") {
        await cloudTools(plan.settings.values);
        say(`Pulumi and the plugins of ${deploymentTarget} are there. Deploy with: npm run up -- --stack ${stack}`);
        return;
      }
      const { images } = await setUp(plan);
      for (const [reference, { substitute, reason, source }] of Object.entries(images)) {
        if (source === "unavailable") say(`Not to be had: ${reference}${reason === undefined ? "" : ` (${reason})`}`);
        else if (substitute !== undefined) say(`Substitute: ${reference} is ${substitute}${reason === undefined ? "" : ` (${reason})`}`);
      }
      say("Everything is there. Deploy with: npm run up");
    });
}
