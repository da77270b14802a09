import * as pulumi from "@pulumi/pulumi";

import { generatedSecret } from "../generated";
import type { Options, SecretRef, SecretSource } from "../target";

/** A secret on Docker: a secret output, given to containers through their environment. */
export class DockerSecret implements SecretRef {
  constructor(
    readonly secretName: string,
    readonly value: pulumi.Output<string>,
  ) {}

  /** The value behind a handle that this target made. */
  static valueOf(reference: SecretRef): pulumi.Output<string> {
    if (!(reference instanceof DockerSecret)) throw new Error(`the secret ${reference.secretName} was made by another target`);
    return reference.value;
  }
}

/**
 * Creates a secret. Generated ones are protected: data that is kept was written with them, so they outlive `pulumi destroy
 * --exclude-protected` as the data volumes do.
 *
 * @param turn when a generated secret may be asked for: each password costs a bcrypt hash of CPU time
 */
export function createSecret(name: string, source: SecretSource, options: Options, turn: Promise<void> = Promise.resolve()): DockerSecret {
  switch (source.kind) {
    case "password":
    case "fernet":
      return new DockerSecret(name, generatedSecret(name, source, options, turn));
    case "value":
      return new DockerSecret(name, pulumi.secret(source.value));
    case "text": {
      const parts = source.parts.map((part) => (isHandle(part) ? DockerSecret.valueOf(part) : part));
      return new DockerSecret(name, pulumi.secret(pulumi.all(parts).apply((texts) => texts.join(""))));
    }
  }
}

function isHandle(part: pulumi.Input<string> | SecretRef): part is SecretRef {
  return part instanceof DockerSecret;
}
