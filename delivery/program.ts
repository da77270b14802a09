import type * as pulumi from "@pulumi/pulumi";

import { Delivery } from "./delivery";
import { readDeployFile } from "./deploy-file";
import type { DeliveryPlan } from "./plan";

/**
 * Delivers every stack of the plan by its `Pulumi.STACK.deploy.yaml`.
 *
 * @returns the environment of each stack
 * @throws Error that names every fault of a file, before any resource
 */
export function deliver({ organization, stacks }: DeliveryPlan, root: string): Record<string, pulumi.Output<string>> {
  const read = Object.entries(stacks).map(([stack, delivered]) => ({ organization, stack, delivered, file: readDeployFile(stack, root) }));
  return Object.fromEntries(read.map((args) => [args.stack, new Delivery(args.stack, args).environment]));
}
