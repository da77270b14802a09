import * as pulumi from "@pulumi/pulumi";

/** Inputs of a job on an instance; the provider in `provider/` reads the same shape. */
export interface Ec2JobInputs {
  /** Names the job in errors. */
  readonly jobName: string;
  readonly region: string;
  /** Id of the association that runs it. */
  readonly association: pulumi.Input<string>;
  /** Key of its document: another one is another release. */
  readonly key: pulumi.Input<string>;
  readonly logGroup: pulumi.Input<string>;
  readonly logStream: pulumi.Input<string>;
  readonly timeoutSeconds: number;
}

/**
 * The success of a job that an SSM association runs. Creating it waits for the run; another exit code than 0 fails the update with the
 * code and the last log lines and leaves nothing in the state, so that the next update runs it again. It runs once more for another
 * document.
 */
export class Ec2Job extends pulumi.CustomResource {
  declare readonly executionId: pulumi.Output<string>;
  declare readonly exitCode: pulumi.Output<number>;

  constructor(name: string, inputs: Ec2JobInputs, options: pulumi.CustomResourceOptions) {
    super("somastack:ec2:Job", name, { ...inputs, executionId: undefined, exitCode: undefined }, options);
  }
}
