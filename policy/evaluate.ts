import { apply, type Levels } from "./levels";
import type { PolicyResource } from "./resource";
import type { Level, Rule } from "./rule";
import { rules as everyRule } from "./rules";

/** A violation of a rule. */
export interface Finding {
  /** Name of the rule. */
  readonly policy: string;
  readonly level: Exclude<Level, "disabled">;
  /** The resource; absent where the fault is the stack's. */
  readonly urn?: string;
  /** `TYPE NAME` of the resource, or `stack`. */
  readonly subject: string;
  readonly fault: string;
  readonly why: string;
  readonly mend: string;
}

/** How rules are applied. */
export interface EvaluateOptions {
  /** Levels and numbers of the stack; the rules' own where nothing is said. */
  readonly levels?: Levels;
  /** Every rule by default. */
  readonly rules?: readonly Rule[];
}

/** Judges resources by the rules: every violation, mandatory ones first. */
export function evaluate(resources: readonly PolicyResource[], { levels = {}, rules = everyRule }: EvaluateOptions = {}): Finding[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const found = rules.flatMap((rule) => {
    const { level, parameters } = apply(rule, levels);
    if (level === "disabled") return [];
    const faults = rule.kind === "stack"
      ? rule.check(resources, parameters)
      : resources.filter(({ type }) => rule.types.includes(type)).flatMap((resource) => rule.check(resource, parameters).map((fault) => ({ urn: resource.urn, fault })));
    return faults.map(({ urn, fault }): Finding => {
      const resource = urn === undefined ? undefined : byUrn.get(urn);
      return {
        policy: rule.name, level, ...(urn === undefined ? {} : { urn }), subject: resource === undefined ? "stack" : `${resource.type} ${resource.name}`,
        fault, why: rule.why, mend: rule.mend,
      };
    });
  });
  return [...found.filter(({ level }) => level === "mandatory"), ...found.filter(({ level }) => level === "advisory")];
}

/** Whether findings stop a deployment. */
export function stops(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === "mandatory");
}
