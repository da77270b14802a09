import { requireEngine } from "./engine";
import { decideImage, type Fetched, type ImageSources } from "./image-decision";
import { isPresent, SubstituteBuilder } from "./image-build";
import { substituteTag } from "./image-key";
import { readImageLock, writeImageLock, type ImageDecision, type ImageLock } from "./image-lock";
import { recipeFor, recipeNamed } from "./image-recipes";
import { RegistryPuller } from "./image-registry";
import type { Report } from "./report";

export { readImageLock, type ImageDecision, type ImageLock } from "./image-lock";

/** An image that a deployment wants. */
export interface ImageRequest {
  /** What `docker pull` would be given. */
  readonly reference: string;
}

/** How images are looked for. */
export interface ImageOptions {
  /** Registry that answers in place of the images' own, asked second. None by default. */
  readonly mirror?: string;
}

/**
 * Brings images onto the engine: what is there stays, else pull, else mirror, else the set that `toolchain/images`
 * builds from package registries. Writes the decisions to `.somastack/images.json`.
 *
 * @returns one decision for each reference; an image that cannot be had is `unavailable` with the reason, not an error
 * @throws ToolchainError when no engine answers
 */
export async function ensureImages(requests: readonly ImageRequest[], options: ImageOptions, report: Report): Promise<ImageLock> {
  const { docker } = await requireEngine();
  const previous = readImageLock();
  const puller = new RegistryPuller(docker, report);
  const builder = new SubstituteBuilder(docker, report);
  const sources: ImageSources = {
    present: (reference) => isPresent(docker, reference),
    pull: (reference) => puller.pull(reference),
    substitute: (reference) => substituteOf(reference),
    build: async ({ name }) => attempt(() => builder.build(recipeNamed(name))),
  };
  const references = [...new Set(requests.map(({ reference }) => reference))];
  const decided = await Promise.all(
    references.map(async (reference): Promise<[string, ImageDecision]> => [reference, await decideImage(reference, sources, previous[reference], options.mirror)]),
  );
  await builder.removeStages();
  const lock = Object.fromEntries(decided);
  writeImageLock({ ...previous, ...lock });
  return lock;
}

function substituteOf(reference: string): ReturnType<ImageSources["substitute"]> {
  const recipe = recipeFor(reference);
  if (recipe === undefined) return { none: "no substitute can be built from package registries" };
  if (process.platform !== "linux" || process.arch !== "x64") return { none: `substitutes are built on linux x64 only, not on ${process.platform} ${process.arch}` };
  return { name: recipe.name, tag: substituteTag(recipe), description: recipe.description };
}

async function attempt(task: () => Promise<void>): Promise<Fetched> {
  try {
    await task();
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
