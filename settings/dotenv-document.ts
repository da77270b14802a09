import { definitionOf, settingKeys } from "./definitions";

/** Renders an example of `.env`: every variable, commented out, with what it is and an example. */
export function dotenvDocument(): string {
  const sections = [...new Set(settingKeys.map((key) => definitionOf(key).section))];
  const body = sections.map((section) => [`# ${section}`, ...settingKeys.filter((key) => definitionOf(key).section === section).flatMap(lines)].join("\n"));
  return `# Copy to .env and take the # off what you set. Stack configuration and the environment win over this file.
# Secrets are refused here in PROD: pulumi config set --secret somastack:KEY.
# Rendered by "npm run somastack -- render dotenv"; a test holds it equal.

${body.join("\n\n")}
`;
}

function lines(key: (typeof settingKeys)[number]): string[] {
  const { variable, description, default: usual, example, secret } = definitionOf(key);
  const facts = [secret === true ? "secret" : "", usual === undefined || usual === "" ? "" : `default ${usual}`].filter((fact) => fact !== "");
  return [`# ${description}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`, `#${variable}=${example.includes('"') ? `'${example}'` : example}`];
}
