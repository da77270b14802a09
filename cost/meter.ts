import type { Plan, PlannedResource } from "../plan/plan";

/** What a resource takes of something that has a price. */
export interface Usage {
  /** Name of the price in the table. */
  readonly price: string;
  /** How many of what the price is for, besides time: vCPU, GB, instances. */
  readonly quantity: number;
}

/** Reads from a resource, and from the plan that it stands in, what it takes. */
export type Meter = (resource: PlannedResource, plan: Plan) => readonly Usage[];

/** The value below a dotted path of what a plan shows; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((found, key) => (typeof found === "object" && found !== null ? (found as Readonly<Record<string, unknown>>)[key] : undefined), value);
}

/** A number below a path, written as a number or as text. */
export function numberAt(value: unknown, path: string): number | undefined {
  const found = at(value, path);
  const number = typeof found === "string" && found !== "" ? Number(found) : found;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A list below a path; empty where there is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? (found as unknown[]) : [];
}

/** Text below a path; empty where there is none. */
export function textAt(value: unknown, path: string): string {
  const found = at(value, path);
  return typeof found === "string" ? found : "";
}
