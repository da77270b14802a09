import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { stringify } from "yaml";
import type { Plan } from "../../plan/plan";
import { CommandError } from "../failure";
import { complain } from "../output";
import { planSettings } from "../plan-settings";
import { withStack, type StackOptions } from "./options";

interface RenderEc2Options extends StackOptions {
  readonly group: string;
  readonly out?: string;
}

/** Adds the format `ec2`: what the instances of a group run. */
export function registerRenderEc2(render: Command): void {
  withStack(render.command("ec2"))
    .description("render the compose file of a group of instances of the target EC2; ids and ARNs that AWS gives are stand-ins")
    .requiredOption("-g, --group <name>", "group, such as control")
    .option("-o, --out <file>", "write to a file instead of stdout")
    .action(renderGroup);
}

async function renderGroup({ stack, group, out }: RenderEc2Options): Promise<void> {
  const settings = planSettings(stack, "EC2", []);
  // Loaded here: the other commands need not wait for Pulumi's SDK.
  const { planStack } = await import("../../plan/plan.js");
  const plan = await planStack(settings);
  for (const warning of plan.warnings) complain(`Warning: ${warning}`);
  const text = groupDocument(plan, group);
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(resolve(out), text);
}

/**
 * The compose file of a group as YAML.
 *
 * @throws CommandError that names the groups when there is none of this name
 */
export function groupDocument({ resources }: Plan, group: string): string {
  const documents = new Map(resources.flatMap(({ type, name, inputs }) => {
    const { key, content } = inputs as { readonly key?: unknown; readonly content?: unknown };
    return type === "aws:s3/bucketObjectv2:BucketObjectv2" && String(key).startsWith("groups/") ? [[name, String(content)] as const] : [];
  }));
  const content = documents.get(group);
  if (content === undefined) throw new CommandError(`there is no group ${group}; this stack has ${[...documents.keys()].sort().join(", ")}`);
  return stringify(JSON.parse(content), { lineWidth: 0, aliasDuplicateObjects: false });
}
