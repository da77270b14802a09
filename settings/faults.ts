/** One thing that is wrong with the input, in the words an operator needs. */
export interface Fault {
  /** The key as the user wrote it: `somastack:KEY`, a variable, or a service. */
  readonly key: string;
  /** The refused value; secrets are masked. */
  readonly value?: string;
  /** What is allowed. */
  readonly rule: string;
  /** How to mend it. */
  readonly mend: string;
}

/** Formats faults as one line each. */
export function describeFault(fault: Fault): string {
  const value = fault.value === undefined ? "" : ` = ${JSON.stringify(fault.value)}`;
  return `${fault.key}${value}: ${fault.rule}. ${fault.mend}${/[.?!]$/.test(fault.mend) ? "" : "."}`;
}

/** The user's mistake: every fault of the input at once. Shown without a stack trace. */
export class ConfigurationError extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(
      `${faults.length} fault${faults.length === 1 ? "" : "s"} in the configuration, nothing was changed:\n` +
        faults.map((fault) => `  - ${describeFault(fault)}`).join("\n"),
    );
    this.name = "ConfigurationError";
  }
}
