import { randomBytes, randomInt } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

import { parse } from "dotenv";

import type { Deployment } from "../services/deployment";
import { imageSource } from "../stacks/images";
import { generatedSecrets, imagePrefix, variableSuffix } from "../targets/compose/environment";
import type { ImageLock } from "../toolchain/image-lock";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Brings the `.env` that Docker Compose reads up to date: secrets that are missing are generated and existing ones kept, since
 * data was written with them; images are named as this machine has them. Every other line stays as it is.
 *
 * @returns names of the secrets that were generated
 */
export function fillComposeEnvironment(file: string, deployment: Deployment, lock: ImageLock): string[] {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const present = parse(text);
  const missing = generatedSecrets(deployment).filter(({ variable }) => present[variable] === undefined);
  const kept = text.split("\n").filter((line) => !line.startsWith(imagePrefix));
  const lines = [
    ...(kept.at(-1) === "" ? kept.slice(0, -1) : kept),
    ...missing.map(({ variable, kind }) => `${variable}=${kind === "fernet" ? randomBytes(32).toString("base64url").padEnd(44, "=") : password()}`),
    ...Object.entries(imageVariables(deployment, lock)).map(([variable, image]) => `${variable}=${image}`),
  ];
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${lines.join("\n")}\n`, { mode: 0o600 });
  renameSync(draft, file);
  return missing.map(({ variable }) => variable);
}

/** Images that are not what the catalog says: substitutes, and our own builds by the tag that LOCAL gives them. */
function imageVariables(deployment: Deployment, lock: ImageLock): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, image] of Object.entries(deployment.images)) {
    const source = imageSource(name, image, lock);
    if ("contentKey" in source) {
      variables[`${imagePrefix}${variableSuffix(name)}`] = `somastack/${name}:${source.contentKey}`;
      const base = "base" in image && image.base !== undefined ? lock[image.base]?.image : undefined;
      if (base !== undefined) variables[`${imagePrefix}BASE`] = base;
    } else if ("reference" in image && source.reference !== image.reference) {
      variables[`${imagePrefix}${variableSuffix(name)}`] = source.reference;
    }
  }
  return variables;
}

function password(): string {
  return Array.from({ length: 32 }, () => letters[randomInt(letters.length)]).join("");
}
