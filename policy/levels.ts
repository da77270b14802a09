import { z } from "zod";
import { everyRule, rules } from "./rules";
import type { Level, Rule } from "./rule";

const level = z.enum(["mandatory", "advisory", "disabled"]);
const entry = z.union([level, z.looseObject({ enforcementLevel: level.optional(), reason: z.string().optional() })]);
const file = z.record(z.string(), entry);

/** What a stack says of the rules: the form of Pulumi's `--policy-pack-config`, by the name of a rule, or `all`. */
export type Levels = z.infer<typeof file>;

/** How a rule is applied in a stack. */
export interface Applied {
  readonly level: Level;
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * Reads a configuration of levels.
 *
 * @throws Error that names each entry that is not one
 */
export function readLevels(content: string, source: string): Levels {
  const found = file.safeParse(JSON.parse(content));
  if (!found.success) throw new Error(`${source}: ${found.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`);
  const faults = Object.entries(found.data).flatMap(([name, given]) => entryFaults(name, given));
  if (faults.length > 0) throw new Error(`${source}: ${faults.join("; ")}`);
  return found.data;
}

function entryFaults(name: string, given: Levels[string]): string[] {
  const rule = rules.find((candidate) => candidate.name === name);
  if (rule === undefined) return name === everyRule ? [] : [`${name} is no rule; docs/policy.md lists them`];
  if (typeof given === "string") return [];
  return Object.entries(given).flatMap(([key, value]) => {
    if (key === "enforcementLevel" || key === "reason") return [];
    if (rule.parameters?.[key] === undefined) return [`${name} has no ${key}`];
    return typeof value === "number" ? [] : [`${name}.${key} must be a number`];
  });
}

/** How a rule is applied: what the stack says of it, else of all, else its own. */
export function apply(rule: Rule, levels: Levels): Applied {
  const own = levels[rule.name];
  const all = levels[everyRule];
  const levelOf = (given: Levels[string] | undefined): Level | undefined => (typeof given === "object" ? given.enforcementLevel : given);
  const set = typeof own === "object" ? own : {};
  const parameters = Object.entries(rule.parameters ?? {}).map(([key, value]) => [key, typeof set[key] === "number" ? set[key] : value] as const);
  return { level: levelOf(own) ?? levelOf(all) ?? rule.level ?? "mandatory", parameters: Object.fromEntries(parameters) };
}
