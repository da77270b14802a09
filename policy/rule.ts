import type { PolicyResource } from "./resource";
import { faults, type Requirement } from "./values";

/** What a violation does: `mandatory` stops, `advisory` is told. */
export type Level = "mandatory" | "advisory" | "disabled";

/** Numbers that a stack can set for a rule, with their defaults. */
export type Parameters = Readonly<Record<string, number>>;

/** What every rule says of itself. */
export interface RuleText {
  /** Unique; the key of its level in a stack's configuration. */
  readonly name: string;
  /** Why it is there, in a sentence. */
  readonly why: string;
  /** What to do about a violation, in a sentence. */
  readonly mend: string;
  /** Level where a stack says nothing: mandatory when absent. */
  readonly level?: Level;
  readonly parameters?: Parameters;
}

/** Judges resources one by one. */
export interface ResourceRule extends RuleText {
  readonly kind: "resource";
  readonly types: readonly string[];
  /** The faults of one resource. */
  readonly check: (resource: PolicyResource, parameters: Parameters) => readonly string[];
}

/** A fault of a resource, as a rule over a whole stack finds it; without a URN it is the stack's. */
export interface StackFault {
  readonly urn?: string;
  readonly fault: string;
}

/** Judges what spans resources. */
export interface StackRule extends RuleText {
  readonly kind: "stack";
  readonly check: (resources: readonly PolicyResource[], parameters: Parameters) => readonly StackFault[];
}

/** A rule of the baseline. */
export type Rule = ResourceRule | StackRule;

/** A rule that wants values of resources of some types. */
export function wants(types: string | readonly string[], said: RuleText, requirements: readonly Requirement[] | ((parameters: Parameters) => readonly Requirement[])): ResourceRule {
  return checks(types, said, ({ props }, parameters) => faults(props, typeof requirements === "function" ? requirements(parameters) : requirements));
}

/** A rule over resources of some types. */
export function checks(types: string | readonly string[], said: RuleText, check: ResourceRule["check"]): ResourceRule {
  return { kind: "resource", types: typeof types === "string" ? [types] : types, ...said, check };
}

/** A rule over a whole stack. */
export function spans(said: RuleText, check: StackRule["check"]): StackRule {
  return { kind: "stack", ...said, check };
}

/** The resources of some types. */
export function ofType(resources: readonly PolicyResource[], ...types: readonly string[]): readonly PolicyResource[] {
  return resources.filter(({ type }) => types.includes(type));
}

/** Whether one resource belongs to another: it depends on it, or names it by its id or name. */
export function belongsTo(resource: PolicyResource, owner: PolicyResource, key: string): boolean {
  const named = resource.props[key];
  return resource.dependencies.includes(owner.urn) || (named !== undefined && [owner.props["id"], owner.props[key], owner.props["name"]].includes(named));
}
