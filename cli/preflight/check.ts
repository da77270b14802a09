/** Outcome of one check of the machine. An error stops `up`, a warning does not. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "warning" | "error";
  /** What was found, with its number and unit. */
  readonly detail: string;
  /** How to mend it; absent when nothing is to be done. */
  readonly mend?: string;
}

export const ok = (name: string, detail: string): Check => ({ name, state: "ok", detail });
export const warning = (name: string, detail: string, mend: string): Check => ({ name, state: "warning", detail, mend });
export const failed = (name: string, detail: string, mend: string): Check => ({ name, state: "error", detail, mend });

/** One line for a check that is not ok. */
export function describeCheck(check: Check): string {
  return `${check.name}: ${check.detail}.${check.mend === undefined ? "" : ` ${check.mend}.`}`;
}
