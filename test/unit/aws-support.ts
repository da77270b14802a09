import assert from "node:assert/strict";

import type { Registered, Run } from "./program-support";

/** Policies of a role, a key, a bucket: one statement. */
export interface Statement {
  readonly Effect?: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/** What a run of the program registered, by type. */
export class Resources {
  constructor(private readonly run: Run) {}

  get everything(): readonly Registered[] {
    return this.run.resources;
  }

  get outputs(): Run["outputs"] {
    return this.run.outputs;
  }

  all(type: string): readonly Registered[] {
    return this.run.resources.filter((resource) => resource.type === type);
  }

  /** All of a type, of which there must be some: a line of a baseline that nothing is held to says nothing. */
  some(type: string): readonly Registered[] {
    const found = this.all(type);
    assert.ok(found.length > 0, `no ${type}`);
    return found;
  }

  names(type: string): string[] {
    return this.all(type).map(({ name }) => name).sort();
  }

  one(type: string, name: string): Registered {
    const found = this.all(type).find((resource) => resource.name === name);
    assert.ok(found, `no ${type} ${name}`);
    return found;
  }

  /** The only one of a type. */
  only(type: string): Registered {
    const [found, ...others] = this.some(type);
    assert.ok(found !== undefined && others.length === 0, `${others.length + 1} of ${type}`);
    return found;
  }
}

/** The statements of a policy in JSON. */
export function statementsOf(policy: unknown): readonly Statement[] {
  return (JSON.parse(String(policy)) as { readonly Statement: readonly Statement[] }).Statement;
}

/** A value that may stand alone or in a list, as a list. */
export function asList(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}
