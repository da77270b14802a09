/** A tool cannot be had by any way; the message names the ways tried and the mend, and is shown alone. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
}
