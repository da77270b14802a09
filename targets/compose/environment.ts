import { placeholders, secretRecipe } from "../../services/bindings";
import type { Deployment } from "../../services/deployment";
import { secrets } from "../../services/secrets";
import { definitionOf } from "../../settings/definitions";

/** Prefix of the variables of Compose's environment that hold generated secrets. */
export const secretPrefix = "SOMASTACK_COMPOSE_SECRET_";
/** Prefix of those that name another image than the catalog's. */
export const imagePrefix = "SOMASTACK_COMPOSE_IMAGE_";

/** `redis-password` -> `REDIS_PASSWORD`. */
export function variableSuffix(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

/** How the Compose file writes a secret: a variable of Compose's environment, or text around some; undefined when it has no value. */
export function composeSecret(name: string, deployment: Deployment, bindings: ReadonlyMap<string, string>): string | undefined {
  const recipe = secretRecipe(name, deployment.settings);
  // A secret that the user set is named by its guide variable: its value never gets into the file.
  if (recipe?.kind === "value") return `\${${guideVariable(name) ?? `${secretPrefix}${variableSuffix(name)}`}:?}`;
  if (recipe === undefined || recipe.kind === "setting") return undefined;
  if (recipe.kind !== "text") return `\${${secretPrefix}${variableSuffix(name)}:?run somastack render compose}`;
  let complete = true;
  const text = recipe.template.replace(/\{([a-z-]+\.[A-Za-z-]+)\}/g, (_, placeholder: string) => {
    const value = placeholder.startsWith("secret.") ? composeSecret(placeholder.slice("secret.".length), deployment, bindings) : bindings.get(placeholder);
    if (value === undefined) complete = false;
    return value ?? "";
  });
  return complete ? text : undefined;
}

function guideVariable(name: string): string | undefined {
  const recipe = secrets[name];
  return recipe !== undefined && recipe.kind !== "fernet" && recipe.setting !== undefined ? definitionOf(recipe.setting).variable : undefined;
}

/** Names of the generated secrets that the rendered file asks for, with their kind. */
export function generatedSecrets(deployment: Deployment): { readonly variable: string; readonly kind: "password" | "fernet" }[] {
  const needed = new Set<string>();
  const need = (name: string): void => {
    const recipe = secretRecipe(name, deployment.settings);
    if (recipe?.kind === "text") for (const placeholder of placeholders(recipe.template)) if (placeholder.startsWith("secret.")) need(placeholder.slice("secret.".length));
    if (recipe?.kind === "password" || recipe?.kind === "fernet") needed.add(name);
  };
  for (const item of [...deployment.services, ...deployment.jobs]) {
    for (const template of Object.values(item.environment)) {
      for (const placeholder of placeholders(template)) if (placeholder.startsWith("secret.")) need(placeholder.slice("secret.".length));
    }
  }
  return [...needed].sort().map((name) => ({ variable: `${secretPrefix}${variableSuffix(name)}`, kind: secrets[name]?.kind === "fernet" ? "fernet" : "password" }));
}
