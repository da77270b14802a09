import type * as pulumi from "@pulumi/pulumi";

import { ConfigurationError } from "../../settings/faults";
import type { ImageRef, ImageSource } from "../target";
import { imageUser, type User } from "./users";

/** An image that a node pulls. */
export class KubernetesImage implements ImageRef {
  constructor(
    readonly imageName: string,
    readonly reference: pulumi.Input<string>,
    /** Whom its process runs as when the workload does not say. */
    readonly user: User,
  ) {}

  /** The image behind a handle that this target made. */
  static of(reference: ImageRef): KubernetesImage {
    if (!(reference instanceof KubernetesImage)) throw new Error(`the image ${reference.imageName} was made by another target`);
    return reference;
  }
}

/** User of an image by its source; builds of ours and of users run as 1000. */
export function sourceUser(source: ImageSource): User {
  return imageUser("reference" in source ? source.reference : "");
}

/**
 * An image that the nodes of an existing cluster pull by its reference.
 *
 * @throws ConfigurationError for a build: no registry of the cluster's is known that it could be pushed to
 */
export function pulledImage(name: string, source: ImageSource): KubernetesImage {
  if (!("reference" in source)) {
    throw new ConfigurationError([{
      key: `somastack:images.${name}`, rule: "must be a reference that the existing cluster can pull: it would be built here, and no registry of the cluster's is known",
      mend: `Push the image and name it: pulumi config set --path 'somastack:images.${name}' REGISTRY/${name}:VERSION`,
    }]);
  }
  return new KubernetesImage(name, source.reference, sourceUser(source));
}
