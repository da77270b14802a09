import * as pulumi from "@pulumi/pulumi";

/** Inputs of a job on Docker; the provider in `provider/` reads the same shape. */
export interface DockerJobInputs {
  readonly containerName: pulumi.Input<string>;
  readonly image: pulumi.Input<string>;
  readonly entrypoint?: pulumi.Input<string[]>;
  readonly command?: pulumi.Input<string[]>;
  readonly environment: pulumi.Input<string[]>;
  readonly files: pulumi.Input<{ path: pulumi.Input<string>; content: pulumi.Input<string> }[]>;
  readonly user?: pulumi.Input<string>;
  readonly network: pulumi.Input<string>;
  readonly labels: pulumi.Input<Record<string, string>>;
  readonly readOnly: pulumi.Input<boolean>;
  /** Path to mount options. */
  readonly tmpfs: pulumi.Input<Record<string, string>>;
  readonly cpu: pulumi.Input<number>;
  /** MiB. */
  readonly memoryMib: pulumi.Input<number>;
  readonly timeoutSeconds: pulumi.Input<number>;
}

/**
 * A container that runs to its end. Creating it runs it; an exit code other than 0 fails the update with the code and the last
 * log lines and leaves nothing in the state, so that the next update runs it again. A change of image, command, environment
 * or files runs it once more.
 */
export class DockerJob extends pulumi.CustomResource {
  declare readonly exitCode: pulumi.Output<number>;

  constructor(name: string, inputs: DockerJobInputs, options: pulumi.CustomResourceOptions) {
    super("somastack:docker:Job", name, { ...inputs, exitCode: undefined }, options);
  }
}
