import { existsSync, readFileSync } from "node:fs";

import type { Plan } from "../plan/plan";
import { counts } from "../plan/tree";
import type { Finding } from "../policy/evaluate";

/** A comment that is longer is refused by GitHub; each table is cut well before. */
const shownRows = 40;

/** What one stack would be: `somastack plan --policy --json`, and what `somastack cost --format markdown` says. */
export interface Reported {
  readonly plan: Plan & { readonly findings?: readonly Finding[] };
  readonly cost?: string;
}

/** One comment of a pull request: for each stack what it would deploy, what the policy says and what it would cost. */
export function comment(reports: readonly Reported[]): string {
  return ["## What this would deploy", ...reports.map(section)].join("\n\n") + "\n";
}

function section({ plan, cost }: Reported): string {
  const { stack, target, resources, warnings, findings = [] } = plan;
  const [mandatory, advisory] = (["mandatory", "advisory"] as const).map((level) => findings.filter((finding) => finding.level === level).length);
  return [
    `### \`${stack}\` on ${target}: ${resources.length} resources, policy: ${mandatory} mandatory, ${advisory} advisory`,
    ...warnings.map((warning) => `> Warning: ${warning}`),
    ...(findings.length === 0 ? [] : [markdown(["level", "policy", "resource", "fault", "mend"], findings.map(({ level, policy, subject, fault, mend }) => [level, `\`${policy}\``, subject, fault, mend]))]),
    folded("Resources", markdown(["type", "count"], counts(plan).map(([type, count]) => [`\`${type}\``, String(count)]))),
    ...(cost === undefined || cost.trim() === "" ? [] : [folded("Cost", cost.trim())]),
  ].join("\n\n");
}

const folded = (title: string, content: string): string => `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  const rest = rows.length - shownRows;
  return [line(head), line(head.map(() => "---")), ...rows.slice(0, shownRows).map(line), ...(rest > 0 ? ["", `and ${rest} more`] : [])].join("\n");
}

/** The reports that files hold: for each stack its plan and its cost; a stack whose plan was refused has none. */
export function readReports(files: readonly string[]): Reported[] {
  return files.flatMap((file, index) => {
    const cost = files[index + 1];
    if (index % 2 === 1 || !existsSync(file)) return [];
    const plan = JSON.parse(readFileSync(file, "utf8")) as Reported["plan"];
    return [{ plan, ...(cost === undefined || !existsSync(cost) ? {} : { cost: readFileSync(cost, "utf8") }) }];
  });
}

if (require.main === module) process.stdout.write(comment(readReports(process.argv.slice(2))));
