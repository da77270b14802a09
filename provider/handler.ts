import type { z } from "zod";

/** A resource type of the provider: how its inputs are checked, compared and carried out. */
export interface Handler {
  readonly schema: z.ZodType;
  /** The names of the inputs whose change replaces the resource. */
  replaces(before: Inputs, after: Inputs): string[];
  /** Whether a change that replaces nothing is carried out by `update`. */
  changes(before: Inputs, after: Inputs): boolean;
  create(inputs: unknown): Promise<Created>;
  /** @param before what the state has, outputs included */
  update(inputs: unknown, before: Inputs): Promise<Outputs>;
}

/** Inputs as the engine sends them, without its envelopes. */
export type Inputs = Readonly<Record<string, unknown>>;

/** Outputs of a resource; the state keeps them. */
export type Outputs = Record<string, unknown>;

/** A resource that now exists. */
export interface Created {
  readonly id: string;
  readonly outs: Outputs;
}

/** A resource type from functions over its typed inputs. Without `update`, changes that replace nothing are no changes. */
export function handler<S extends z.ZodType>(definition: {
  readonly schema: S;
  readonly replaces: (before: Inputs, after: Inputs) => string[];
  readonly create: (inputs: z.output<S>) => Promise<Created>;
  readonly update?: { readonly changes: (before: Inputs, after: Inputs) => boolean; readonly run: (inputs: z.output<S>, before: Inputs) => Promise<Outputs> };
}): Handler {
  const { schema, replaces, create, update } = definition;
  return {
    schema,
    replaces,
    changes: update?.changes ?? (() => false),
    create: (inputs) => create(schema.parse(inputs)),
    update: (inputs, before) => {
      if (update === undefined) return Promise.reject(new Error("this resource is replaced, never updated"));
      return update.run(schema.parse(inputs), before);
    },
  };
}

/** The names of the inputs that differ. */
export function differing(names: readonly string[], before: Inputs, after: Inputs): string[] {
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
