import { UnknownValueError, type Policies, type PolicyConfigSchema, type PolicyResource as EngineResource, type ResourceValidationArgs } from "@pulumi/policy";

import { unknownMark, type PolicyResource } from "./resource";
import type { Parameters, Rule } from "./rule";
import { rules } from "./rules";

type Policy = Policies[number];

/** The rules as policies of Pulumi's engine. */
export function packPolicies(): Policies {
  return rules.map(policyOf);
}

function policyOf(rule: Rule): Policy {
  const { name, why, mend, level } = rule;
  const said = { name, description: why, remediationSteps: mend, enforcementLevel: level ?? "mandatory", configSchema: schemaOf(rule) };
  if (rule.kind === "resource") {
    return {
      ...said,
      validateResource: (args, report) => {
        if (!rule.types.includes(args.type)) return;
        for (const fault of rule.check(ofEngine(args), args.getConfig<Parameters>())) report(`${fault}. ${mend}`);
      },
    };
  }
  return {
    ...said,
    validateStack: (args, report) => {
      for (const { urn, fault } of rule.check(args.resources.map(withRelations), args.getConfig<Parameters>())) report(`${fault}. ${mend}`, urn);
    },
  };
}

/** What a stack can set: the numbers of the rule, and its reason for doing so. */
function schemaOf({ parameters = {} }: Rule): PolicyConfigSchema {
  const numbers = Object.entries(parameters).map(([key, value]) => [key, { type: "number" as const, default: value }] as const);
  return { properties: { ...Object.fromEntries(numbers), reason: { type: "string" } } };
}

/** A resource as the engine tells of it: secrets in clear, what the update will show unknown, and not whether it is retained. */
function ofEngine({ type, name, urn, props, opts }: Pick<ResourceValidationArgs, "type" | "name" | "urn" | "props" | "opts">): PolicyResource {
  return { type, name, urn, props: seen(props) as Record<string, unknown>, dependencies: [], protect: opts.protect };
}

function withRelations(resource: EngineResource): PolicyResource {
  const { parent, dependencies } = resource;
  return { ...ofEngine(resource), dependencies: dependencies.map(({ urn }) => urn), ...(parent === undefined ? {} : { parent: parent.urn }) };
}

/** A value with what cannot be known yet marked; the engine's own throws when it is touched. */
function seen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const member = (key: string | number): unknown => {
    try {
      return seen((value as Record<string | number, unknown>)[key]);
    } catch (error) {
      if (error instanceof UnknownValueError) return unknownMark;
      throw error;
    }
  };
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => member(index));
  return Object.fromEntries(Object.keys(value).map((key) => [key, member(key)]));
}
