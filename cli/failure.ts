/** What a command ends with. */
export const exitCode = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** A failure that the user can understand and mend: shown as its message alone. */
export class CommandError extends Error {
  /** @param code exit code of the process, 1 by default */
  constructor(
    message: string,
    readonly code: number = exitCode.failure,
  ) {
    super(message);
    this.name = "CommandError";
  }
}

const expected = new Set(["CommandError", "ToolchainError", "CommanderError"]);

/** The text for stderr and the exit code for anything thrown; only a defect of ours keeps its stack trace. */
export function explain(error: unknown): { text: string; code: number } {
  if (!(error instanceof Error)) return { text: String(error), code: exitCode.failure };
  if (error.name === "ConfigurationError") return { text: error.message, code: exitCode.usage };
  if (error instanceof CommandError) return { text: error.message, code: error.code };
  if (expected.has(error.name)) return { text: error.message, code: exitCode.failure };
  return { text: `Unexpected error, please report it with this trace:\n${error.stack ?? error.message}`, code: exitCode.failure };
}
