import { createHash, type Hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { sourcesKey } from "./go-build";
import { machineFiles } from "./image-machine";
import { recipeNamed, type Recipe } from "./image-recipes";
import { projectRoot } from "./paths";

/** Folder of an image's Dockerfile and what belongs to it. */
export function imageFolder(recipe: Recipe): string {
  return join(projectRoot, "toolchain", "images", recipe.name);
}

/** Tag of a substitute, with the key of everything it is made from: a change of any of it is another tag. */
export function substituteTag(recipe: Recipe): string {
  return `somastack-toolchain/${recipe.name}:${recipe.version}-${contentKey(recipe)}`;
}

function contentKey(recipe: Recipe): string {
  const hash = createHash("sha256").update(JSON.stringify([recipe.from, recipe.moduleFiles ?? {}]));
  addFolder(hash, imageFolder(recipe));
  for (const program of recipe.go ?? []) hash.update(sourcesKey(program));
  if (recipe.name === "base") {
    for (const { from, to } of machineFiles()) hash.update(to).update(readFileSync(from));
  }
  for (const name of Object.values(recipe.from)) hash.update(contentKey(recipeNamed(name)));
  return hash.digest("hex").slice(0, 12);
}

function addFolder(hash: Hash, folder: string): void {
  if (!existsSync(folder)) return;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(relative(folder, file)).update("\0").update(readFileSync(file)).update("\0");
}
