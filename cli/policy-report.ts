import type { Finding } from "../policy/evaluate";
import { table } from "./output";

/** What the rules found, for people: a table of the violations, and what mends each broken rule. */
export function report(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ["Policy: no rule is broken"];
  const mends = new Map(findings.map(({ policy, why, mend }) => [policy, `${policy}: ${mend} ${why}`]));
  return [
    table(["LEVEL", "POLICY", "RESOURCE", "FAULT"], findings.map(({ level, policy, subject, fault }) => [level, policy, subject, fault])),
    "",
    ...mends.values(),
    "",
    `Policy: ${(["mandatory", "advisory"] as const).map((level) => `${findings.filter((finding) => finding.level === level).length} ${level}`).join(", ")}`,
  ];
}
