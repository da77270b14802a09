import { isHidden, unknownMark } from "./resource";

type Test = (value: unknown) => boolean;

/** The value at a path such as `spec.template.0.name`; undefined where nothing is, hidden where a part of the way is. */
export function at(value: unknown, path: string): unknown {
  let here = value;
  for (const key of path.split(".")) {
    if (isHidden(here)) return unknownMark;
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

/** The members of a list at a path; none where it is hidden or no list. */
export function list(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

/** The text at a path; undefined where it is hidden or no text. */
export function text(value: unknown, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === "string" && !isHidden(found) ? found : undefined;
}

/** What a JSON text or a structure says; undefined where it is hidden or no JSON. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (isHidden(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** A list of one is often written without the list. */
export function listed(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** Providers take truth as a word too. */
export const isTrue: Test = (value) => value === true || value === "true";
/** Absent counts as false. */
export const isFalse: Test = (value) => value === undefined || value === null || value === false || value === "false";
/** Something is given. */
export const isGiven: Test = (value) => value !== undefined && value !== null && value !== "";
/** Exactly this. */
export const is = (wanted: unknown): Test => (value) => String(value) === String(wanted);
/** A number, or its text, of at least this. */
export const atLeast = (least: number): Test => (value) => isGiven(value) && Number(value) >= least;
/** A text of this form. */
export const matches = (form: RegExp): Test => (value) => typeof value === "string" && form.test(value);
/** A list with all of these. */
export const holds = (...wanted: readonly string[]): Test => (value) => wanted.every((item) => listed(value).includes(item));

/** What one value of a resource has to be. */
export interface Requirement {
  /** Path to it below the inputs. */
  readonly path: string;
  readonly allowed: Test;
  /** Completes "it ...": `must be true`. */
  readonly rule: string;
}

/** The faults of a structure by requirements; hidden values have none. */
export function faults(structure: unknown, requirements: readonly Requirement[]): string[] {
  return requirements.flatMap(({ path, allowed, rule }) => {
    const value = at(structure, path);
    return isHidden(value) || allowed(value) ? [] : [`${path} is ${shown(value)}; it ${rule}`];
  });
}

function shown(value: unknown): string {
  const whole = value === undefined ? "not set" : JSON.stringify(value);
  return whole.length > 80 ? `${whole.slice(0, 77)}...` : whole;
}
