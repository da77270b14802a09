import type { Settings } from "../settings/load";
import { imageNames, images, type Image, type ImageName } from "./images";

/** An image as a deployment uses it: a reference, or a build. */
export type DeploymentImage =
  | { readonly reference: string }
  | {
      /** Folder relative to the project, or a git URL with `#ref`. */
      readonly context: string;
      readonly dockerfile: string;
      readonly target?: string;
      readonly args: Readonly<Record<string, string>>;
      /** Folders whose content decides whether to build again; the whole context when absent. */
      readonly sources?: readonly string[];
      /** Reference of the base image of our own builds, and the build argument that carries it. */
      readonly base?: string;
      readonly baseArgument?: string;
    };

/** The images that the workloads use, each as the user set it, else as the catalog has it. */
export function deploymentImages(used: readonly ImageName[], settings: Settings): Record<string, DeploymentImage> {
  const wanted = new Set<string>(used);
  return Object.fromEntries(imageNames.filter((name) => wanted.has(name)).map((name) => [name, chosenImage(images[name], settings.values.images[name])]));
}

function chosenImage(image: Image, override: Settings["values"]["images"][string] | undefined): DeploymentImage {
  if (typeof override === "string") return { reference: override };
  if (override !== undefined) {
    const { context, dockerfile, target, args } = override.build;
    return { context, dockerfile, args, ...(target === undefined ? {} : { target }) };
  }
  if ("reference" in image) return image;
  const { context, dockerfile, sources, base } = image.build;
  return { context, dockerfile, args: {}, sources, base: base.reference, baseArgument: base.argument };
}
