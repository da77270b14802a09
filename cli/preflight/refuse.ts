import { CommandError } from "../failure";
import { describeCheck, type Check } from "./check";

/** @throws CommandError that lists every check in error at once. */
export function refuseFaults(checks: readonly Check[]): void {
  const faults = checks.filter(({ state }) => state === "error");
  if (faults.length === 0) return;
  const title = `${faults.length} fault${faults.length === 1 ? "" : "s"} of this machine, nothing was changed:`;
  throw new CommandError([title, ...faults.map((check) => `  - ${describeCheck(check)}`)].join("\n"));
}
