import * as docker from "@pulumi/docker";
import type { CustomResourceOptions, Output } from "@pulumi/pulumi";

import type { VolumeRef } from "../target";

/** A volume of the engine. */
export class DockerVolume implements VolumeRef {
  constructor(
    readonly volumeName: string,
    readonly name: Output<string>,
  ) {}

  /** The engine's name behind a reference that this target made. */
  static nameOf(reference: VolumeRef): Output<string> {
    if (!(reference instanceof DockerVolume)) throw new Error(`the volume ${reference.volumeName} was made by another target`);
    return reference.name;
  }
}

/** Creates a volume. It is protected: only `down --volumes` removes data. */
export function createVolume(name: string, args: docker.VolumeArgs, options: CustomResourceOptions): DockerVolume {
  return new DockerVolume(name, new docker.Volume(name, args, { ...options, protect: true }).name);
}
