import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import type * as pulumi from "@pulumi/pulumi";

import type { Deployment } from "../services/deployment";
import type { DeploymentImage } from "../services/deployment-images";
import { imageNames, type ImageName } from "../services/images";
import { ConfigurationError } from "../settings/faults";
import type { ImageRef, ImageSource } from "../targets/target";
import type { ImageLock } from "../toolchain/image-lock";
import { projectRoot } from "../toolchain/paths";
import { contentKey } from "./content-key";
import { fetchGitContext, isGitUrl } from "./git-context";

/** Images of the catalog that this machine cannot have, by what the toolchain found. */
export function unavailableImages(images: Readonly<Record<string, DeploymentImage>>, lock: ImageLock): Set<ImageName> {
  return new Set(imageNames.filter((name) => {
    const image = images[name];
    return image !== undefined && "reference" in image && lock[image.reference]?.source === "unavailable";
  }));
}

/** References of the images that a release is made of: built ones, and those that the user names. The others come with the program. */
export function releasedImages({ images, settings }: Deployment, made: ReadonlyMap<string, ImageRef>): Record<string, pulumi.Input<string>> {
  const references = Object.entries(images).flatMap(([name, image]): [string, pulumi.Input<string>][] => {
    if ("reference" in image) return settings.values.images[name] === undefined ? [] : [[name, image.reference]];
    const built = made.get(name);
    return built === undefined ? [] : [[name, built.reference]];
  });
  return Object.fromEntries(references);
}

/** One line for each image that is not what its reference says. */
export function substitutes(images: Readonly<Record<string, DeploymentImage>>, lock: ImageLock): string[] {
  return Object.values(images)
    .map((image) => ("reference" in image ? image.reference : image.base))
    .filter((reference, index, all): reference is string => reference !== undefined && all.indexOf(reference) === index)
    .flatMap((reference) => {
      const decision = lock[reference];
      if (decision?.source === "unavailable") return [`${reference}: left out (${decision.reason ?? "not to be had"})`];
      return decision?.substitute === undefined ? [] : [`${reference}: ${decision.substitute}`];
    })
    .sort();
}

/**
 * Where a target gets an image: the reference, or what the toolchain found in its place, or a build.
 *
 * @throws ConfigurationError when a build's folder or Dockerfile is missing.
 */
export function imageSource(name: string, image: DeploymentImage, lock: ImageLock): ImageSource {
  const found = (reference: string): string => lock[reference]?.image ?? reference;
  if ("reference" in image) return { reference: found(image.reference) };

  const key = `somastack:images.${name}`;
  const context = isGitUrl(image.context) ? fetchGitContext(key, image.context) : resolve(projectRoot, image.context);
  // Our own images name their Dockerfile from the project's folder, users name theirs from the context, as docker does.
  const dockerfile = image.sources === undefined ? resolve(context, image.dockerfile) : join(projectRoot, image.dockerfile);
  for (const [what, path] of [["context", context], ["dockerfile", dockerfile]] as const) {
    if (!existsSync(path)) {
      throw new ConfigurationError([{ key: `${key}.build.${what}`, value: path, rule: "must exist", mend: "Correct the path; contexts are relative to the project's folder, Dockerfiles to the context" }]);
    }
  }
  const args = image.base === undefined || image.baseArgument === undefined ? image.args : { ...image.args, [image.baseArgument]: found(image.base) };
  const folders = image.sources?.map((folder) => join(projectRoot, folder)) ?? [context];
  return {
    context,
    dockerfile,
    args,
    ...(image.target === undefined ? {} : { target: image.target }),
    contentKey: contentKey(context, folders, [image.dockerfile, image.target ?? "", JSON.stringify(args)]),
  };
}
