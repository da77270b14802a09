import { parseDocument } from "yaml";

import { definitionOf, settingKeys } from "./definitions";

/** The value of a declared key that nobody sets. `pulumi config` shows it; the program takes it for nothing. */
export const unset = "(not set)";

/** How Pulumi knows a setting: for `pulumi config`, editors and the forms of Pulumi Cloud. */
export interface Declaration {
  readonly description: string;
  /** Not the setting's own: Pulumi takes a default for a value of the stack, which would win over the environment, and demands a key without one. */
  readonly default: typeof unset;
}

/** The declaration of every setting. Types and rules are the program's: Pulumi's own would end a run at the first fault. */
export function configDeclarations(): Readonly<Record<string, Declaration>> {
  return Object.fromEntries(settingKeys.map((key) => [`somastack:${key}`, { description: descriptionOf(key), default: unset }]));
}

function descriptionOf(key: (typeof settingKeys)[number]): string {
  const { description, variable, required, secret, default: usual, example } = definitionOf(key);
  const facts = [
    ...(secret === true ? ["secret: pulumi config set --secret"] : []),
    ...(required === "production" ? ["required in PROD"] : []),
    ...(usual === undefined || usual === "" ? [] : [`default ${usual}`]),
    `for example ${example}`,
  ];
  return `${description} [${variable}; ${facts.join("; ")}]`;
}

/** A Pulumi.yaml with the declarations of all settings in place of those that it has. */
export function projectDocument(text: string): string {
  const document = parseDocument(text);
  document.set("config", configDeclarations());
  return document.toString({ lineWidth: 0 });
}
