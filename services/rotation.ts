import { definitionOf } from "../settings/definitions";
import type { Fault } from "../settings/faults";
import { nearest } from "../settings/nearest";
import { secretRecipe } from "./bindings";
import type { Deployment } from "./deployment";
import { secrets } from "./secrets";

/** Why a secret cannot be made anew in this deployment, and what to do instead; undefined when it can. */
export function rotationObstacle(name: string, deployment: Deployment): Pick<Fault, "rule" | "mend"> | undefined {
  const recipe = secrets[name];
  if (recipe === undefined) {
    const near = nearest(name, rotatable(deployment));
    return { rule: "is no secret of the catalog", mend: near === undefined ? `Name one of ${rotatable(deployment).join(", ")}` : `Did you mean ${near}?` };
  }
  if (recipe.kind === "fernet") return { rule: "encrypts data that another key could not read", mend: "Keep it" };
  if (recipe.kind === "text") return { rule: "is written from other secrets", mend: "Rotate those; it follows" };
  if (secretRecipe(name, deployment.settings)?.kind === "value") {
    const key = recipe.setting;
    return { rule: "has a value of yours, not a generated one", mend: key === undefined ? "Change it where the address of the external service is set" : `Set another: pulumi config set --secret somastack:${key}` };
  }
  if (recipe.kind === "setting") return { rule: "is not set", mend: `Set it: pulumi config set --secret somastack:${recipe.setting} (${definitionOf(recipe.setting).variable})` };
  const { initial } = recipe;
  if (initial !== undefined && !deployment.managed.has(initial)) return { rule: `is what ${initial} took at its first start and keeps with its data`, mend: `Change it in ${initial} itself` };
  return undefined;
}

/** The secrets that can be made anew in this deployment. */
export function rotatable(deployment: Deployment): string[] {
  return Object.keys(secrets).filter((name) => rotationObstacle(name, deployment) === undefined);
}

/** Rotations of the settings that this deployment cannot do. */
export function rotationFaults(deployment: Deployment): Fault[] {
  return Object.keys(deployment.settings.values.rotation).flatMap((name) => {
    const obstacle = rotationObstacle(name, deployment);
    return obstacle === undefined ? [] : [{ key: "somastack:rotation", value: name, ...obstacle }];
  });
}
