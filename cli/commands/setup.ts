import type { Command } from "commander";
import { readPlan } from "../context";
import { say } from "../output";
import { setUp } from "../setup";
import { withStack, withYes, type StackOptions } from "./options";

/** Adds the command `setup`. */
export function registerSetup(program: Command): void {
  withYes(withStack(program.command("setup")))
    .description("get everything that `up` needs (engine, Pulumi, plugins, images) without deploying")
    .action(async ({ stack }: StackOptions) => {
      const { images } = await setUp(readPlan(stack));
      for (const [reference, { substitute, reason, source }] of Object.entries(images)) {
        if (source === "unavailable") say(`Not to be had: ${reference}${reason === undefined ? "" : ` (${reason})`}`);
        else if (substitute !== undefined) say(`Substitute: ${reference} is ${substitute}${reason === undefined ? "" : ` (${reason})`}`);
      }
      say("Everything is there. Deploy with: npm run up");
    });
}
