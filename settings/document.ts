import type { ZodType } from "zod";

import { definitionOf, settingKeys } from "./definitions";

const required = { always: "yes (provisioned services fill it)", production: "in PROD", never: "no" } as const;

/** Renders the reference of every setting as Markdown, by the guide's section. */
export function settingsDocument(): string {
  const sections = [...new Set(settingKeys.map((key) => definitionOf(key).section))];
  const body = sections.map((section) => {
    const rows = settingKeys.filter((key) => definitionOf(key).section === section).map(row);
    return [`## Guide: ${section}`, "", "| key | variable | what it is | type | required | default | example |", "|---|---|---|---|---|---|---|", ...rows].join("\n");
  });
  return `# Settings

Every setting can stand in three places; the first that has it wins, and a warning names both where two disagree:

1. stack configuration, \`Pulumi.STACK.yaml\`: \`somastack:KEY\`
2. the environment: \`VARIABLE\`
3. the file \`.env\`: \`VARIABLE=value\`

A value that breaks its rule is an error wherever it stands. Settings marked *external* name a service that is then not
provisioned; the default, written out, still provisions it. Settings marked *secret* belong into
\`pulumi config set --secret\`; in PROD nowhere else but the environment.

This page is rendered by \`npm run somastack -- render settings\`; a test holds it equal.

${body.join("\n\n")}
`;
}

function row(key: (typeof settingKeys)[number]): string {
  const definition = definitionOf(key);
  const marks = [...(definition.secret === true ? ["*secret*"] : []), ...(definition.external === true ? ["*external*"] : [])];
  const cells = [
    `\`${key}\``, `\`${definition.variable}\``, [definition.description, ...marks].join(" "), typeOf(definition.schema), required[definition.required],
    definition.default === undefined ? "-" : `\`${definition.default}\``, `\`${definition.example}\``,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** What a setting takes, in the words in which its own rule refuses what nothing takes. */
function typeOf(schema: ZodType): string {
  const refused = schema.safeParse("\u0000");
  return refused.success ? "text" : [...new Set(refused.error.issues.map(({ message }) => message.replace(/^must (be|have) /, "")))].join("; ");
}
