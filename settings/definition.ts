import type { z } from "zod";

/** When a setting has to be present: always, in PROD only, or never. "Provisioned" values count as present. */
export type Requirement = "always" | "production" | "never";

/** One setting: its guide variable, its rule, its default and its marks. Plain data; the schema is built from it. */
export interface Definition<S extends z.ZodType = z.ZodType> {
  /** Name of the variable in the deployment guide, accepted from the environment and from `.env`. */
  readonly variable: string;
  /** Section of the deployment guide (by number or title) the variable comes from. */
  readonly section: string;
  readonly description: string;
  /** Turns the text of a source into the typed value, or says what is allowed. */
  readonly schema: S;
  /** Text used when no source has the key. */
  readonly default?: string;
  readonly required: Requirement;
  /** The value must not appear in clear in state, output or plain configuration. */
  readonly secret?: true;
  /** Setting it to something else than the default names an external service that is then not provisioned. */
  readonly external?: true;
  readonly example: string;
}

/** Keeps the exact type of a definition. */
export function define<const D extends Definition>(definition: D): D {
  return definition;
}

