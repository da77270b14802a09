import * as docker from "@pulumi/docker";
import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";

import type { ImageRef, ImageSource } from "../target";

/** An image of the engine, run by its id so that a moved tag never changes what runs unseen. */
export class DockerImage implements ImageRef {
  constructor(
    readonly imageName: string,
    readonly id: Output<string>,
    readonly reference: Input<string>,
  ) {}

  /** The id behind a reference that this target made. */
  static idOf(reference: ImageRef): Output<string> {
    if (!(reference instanceof DockerImage)) throw new Error(`the image ${reference.imageName} was made by another target`);
    return reference.id;
  }
}

/** Pulls an image unless the engine has it, or builds it with BuildKit. Images stay on the machine when the stack goes. */
export function createImage(name: string, source: ImageSource, physicalName: string, options: CustomResourceOptions): DockerImage {
  const image = argumentsOf(source, physicalName);
  return new DockerImage(name, new docker.RemoteImage(name, image, options).imageId, image.name);
}

function argumentsOf(source: ImageSource, physicalName: string): docker.RemoteImageArgs {
  if ("reference" in source) return { name: source.reference, keepLocally: true };
  return {
    // The tag carries the sources' key: another content is another image, and a build that exists is not repeated.
    name: `${physicalName}:${source.contentKey}`,
    keepLocally: true,
    build: {
      context: source.context,
      dockerfile: source.dockerfile,
      buildArgs: source.args,
      version: "2",
      ...(source.target === undefined ? {} : { target: source.target }),
    },
    triggers: { content: source.contentKey },
  };
}
