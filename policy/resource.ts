/** A resource as the rules see it, whatever told of it: a plan, the engine or a test. */
export interface PolicyResource {
  /** Pulumi's type token, such as `aws:rds/instance:Instance`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly urn: string;
  /** Inputs; outputs too once the resource is made. What is not to be seen is `secretMark` or `unknownMark`. */
  readonly props: Readonly<Record<string, unknown>>;
  /** URN; absent for the outermost. */
  readonly parent?: string;
  /** URNs; empty where only one resource is looked at. */
  readonly dependencies: readonly string[];
  /** Absent: not told. */
  readonly protect?: boolean;
  /** Absent: not told; the engine does not tell its policies. */
  readonly retainOnDelete?: boolean;
}

/** Stands for a secret. */
export const secretMark = "[secret]";
/** Stands for what is known only after the update. */
export const unknownMark = "[unknown]";

/** Whether a value is not to be seen: no rule judges it. */
export function isHidden(value: unknown): boolean {
  return value === secretMark || value === unknownMark;
}
