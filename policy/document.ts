import type { Rule } from "./rule";
import { rules } from "./rules";

/** Renders the page of the rules. */
export function policyDocument(): string {
  const optional = rules.filter(({ level }) => level === "advisory").length;
  return `# Policy

The lines of the security baseline that a plan can show are rules: ${rules.length} of them, ${rules.length - optional} mandatory and ${optional} advisory, over resources of AWS,
Kubernetes and Docker. They are written once, in \`policy/rules/\`, and run in three ways with the same result:

| way | command | sees |
|---|---|---|
| in a plan | \`somastack plan --target FARGATE --policy\` | every input; needs no engine, plugin or account |
| in the engine | \`pulumi preview --policy-pack policy\`, \`pulumi up --policy-pack policy\` | inputs before the update, and everything after it |
| in the tests | \`npm test\` | our own stacks, on every target and in every mode, and for each rule a resource that passes and one that fails |

A mandatory rule that is broken stops: the plan exits with 1, the engine refuses the preview or the update. An advisory one is told.
In the engine, values that only the update will show are not judged before it; secrets come in clear there, so that
\`secrets-are-outputs\` judges plans alone, and \`data-retained\` too, since the engine tells nobody of \`retainOnDelete\`.

## Levels and numbers of a stack

A stack sets the level of a rule, and its numbers, in a file of Pulumi's own form, with the reason beside it:

\`\`\`json
{
  "logs-retention": { "days": 7, "reason": "logs go to the archive every day" },
  "ecs-no-shell": "mandatory"
}
\`\`\`

\`somastack plan --policy --policy-config FILE\` and \`pulumi preview --policy-pack policy --policy-pack-config FILE\` read it. Levels are
\`mandatory\`, \`advisory\` and \`disabled\`; \`all\` stands for every rule. A plan refuses a name, a level or a number that does not exist, the
engine a level or number that is none.
For DEV there is \`policy/dev.json\`: a plan of a DEV stack takes it where nothing else is said, the engine wants it named.

## The rules

This table is rendered by \`npm run somastack -- render policies\`; a test holds it equal.

| rule | level | why | mend |
|---|---|---|---|
${rules.map(row).join("\n")}

## A new rule

Write it in a file of \`policy/rules/\` with \`wants\` (values of a resource), \`checks\` (a function over a resource) or \`spans\` (a function
over the stack), and add its sample to \`test/unit/policy-samples/\`: a test fails while a rule has none. A value that is hidden
(\`isHidden\`) is never judged.
`;
}

function row({ name, level = "mandatory", why, mend, parameters = {} }: Rule): string {
  const numbers = Object.entries(parameters).map(([key, value]) => `\`${key}\` ${value}`).join(", ");
  return `| ${[`\`${name}\``, `${level}${numbers === "" ? "" : `; ${numbers}`}`, why, mend].map((cell) => cell.replaceAll("|", "\\|").replaceAll("*", "\\*")).join(" | ")} |`;
}
