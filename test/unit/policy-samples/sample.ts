import type { PolicyResource } from "../../../policy/resource";

/** Resources that a rule lets pass, and some that it does not. */
export interface Sample {
  readonly passes: readonly PolicyResource[];
  readonly fails: readonly PolicyResource[];
  /** What the rule says of those that fail. */
  readonly fault: RegExp;
}

/** Samples by the names of their rules. */
export type Samples = Readonly<Record<string, Sample>>;

type Props = Readonly<Record<string, unknown>>;

/** A resource as a plan tells of it; its name is `one` where nothing else is said. */
export function resource(type: string, props: Props = {}, more: Partial<PolicyResource> = {}): PolicyResource {
  const name = more.name ?? "one";
  return { type, name, urn: `urn:pulumi:dev::somastack::${type}::${name}`, props, dependencies: [], ...more };
}

/** A resource of AWS: `rds/instance:Instance`. */
export const aws = (type: string, props?: Props, more?: Partial<PolicyResource>): PolicyResource => resource(`aws:${type}`, props, more);

/** A sample of one resource: with good inputs and with bad ones, over what both have. */
export const pair = (type: string, good: Props, bad: Props, fault: RegExp, both: Props = {}): Sample =>
  ({ passes: [resource(type, { ...both, ...good })], fails: [resource(type, { ...both, ...bad })], fault });

/** A sample of a resource that needs another beside it. */
export const beside = (owner: PolicyResource, companion: PolicyResource, fault: RegExp): Sample => ({ passes: [owner, { ...companion, dependencies: [owner.urn] }], fails: [owner], fault });

/** A policy document of one statement. */
export const document = (statement: Props): string => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
