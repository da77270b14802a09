import { readFileSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import type { Plan, PlannedResource } from "../../plan/plan";

/** A resource of a provider without an SDK. */
class Own extends pulumi.CustomResource {}

type Registered = new (name: string, args: object, options: pulumi.CustomResourceOptions) => pulumi.Resource;

/**
 * Registers every resource of a plan file with its inputs, parents and dependencies, by the classes of the SDKs: what a program without
 * catalog, settings and targets would do. The file is named by SOMASTACK_BENCH_PLAN.
 */
export function registerPlan(): void {
  const { resources } = JSON.parse(readFileSync(process.env["SOMASTACK_BENCH_PLAN"] ?? "", "utf8")) as Plan;
  const planned = new Map(resources.map((resource) => [resource.urn, resource]));
  const made = new Map<string, pulumi.Resource>();
  const make = (resource: PlannedResource): pulumi.Resource => {
    const known = made.get(resource.urn);
    if (known !== undefined) return known;
    const parent = planned.get(resource.parent);
    const options = {
      ...(parent === undefined ? {} : { parent: make(parent) }),
      dependsOn: resource.dependencies.flatMap((urn) => planned.get(urn) ?? []).map(make),
    };
    const fresh = register(resource, options);
    made.set(resource.urn, fresh);
    return fresh;
  };
  resources.forEach(make);
}

function register({ type, name, inputs }: PlannedResource, options: pulumi.CustomResourceOptions): pulumi.Resource {
  const args = inputs as Record<string, unknown>;
  if (type.startsWith("somastack:")) {
    // A plan masks whole environments, which our provider wants as a list.
    const unmasked = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, value === "[secret]" ? [] : value]));
    return Object.keys(args).length === 0 ? new pulumi.ComponentResource(type, name, {}, options) : new Own(type, name, unmasked, options);
  }
  const Made = classOf(type);
  return new Made(name, args, options);
}

/** `aws:ecs/service:Service` -> the class `ecs.Service` of @pulumi/aws. */
function classOf(type: string): Registered {
  const [pkg = "", module = "", kind = ""] = type.split(":");
  const [sdk, path] = pkg === "pulumi" ? [kind, ["Provider"]] : [pkg, [...(module.startsWith("index") ? [] : namespaces(module)), kind]];
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which SDKs a plan needs is known when it is read
  const found = path.reduce<unknown>((scope, part) => (scope as Record<string, unknown> | undefined)?.[part], require(`@pulumi/${sdk}`));
  if (typeof found !== "function") throw new Error(`@pulumi/${sdk} has no class for ${type}`);
  return found as Registered;
}

/** `ecs/service` -> `ecs`; `apps/v1` -> `apps.v1`; `networking.k8s.io/v1` -> `networking.v1`. */
function namespaces(module: string): string[] {
  const [group = "", version = ""] = module.split("/");
  return /^v\d/.test(version) ? [group.split(".")[0] ?? group, version] : [group];
}
