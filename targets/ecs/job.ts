import * as pulumi from "@pulumi/pulumi";

/** Inputs of a job on ECS; the provider in `provider/` reads the same shape. */
export interface EcsJobInputs {
  /** Names the job in errors. */
  readonly jobName: string;
  readonly region: string;
  readonly cluster: pulumi.Input<string>;
  /** ARN with its revision. */
  readonly taskDefinition: pulumi.Input<string>;
  /** The container whose exit code counts. */
  readonly container: string;
  readonly capacityProvider: pulumi.Input<string>;
  /** Placed by memory onto instances of ours. */
  readonly packed: boolean;
  readonly subnets: pulumi.Input<string[]>;
  readonly securityGroups: pulumi.Input<string>[];
  readonly logGroup: pulumi.Input<string>;
  readonly logStreamPrefix: string;
  readonly timeoutSeconds: number;
}

/**
 * A task that runs to its end. Creating it runs it; another exit code than 0 fails the update with the code, the reason and the last
 * log lines and leaves nothing in the state, so that the next update runs it again. It runs once more for another task definition.
 */
export class EcsJob extends pulumi.CustomResource {
  declare readonly taskArn: pulumi.Output<string>;
  declare readonly exitCode: pulumi.Output<number>;

  constructor(name: string, inputs: EcsJobInputs, options: pulumi.CustomResourceOptions) {
    super("somastack:ecs:Job", name, { ...inputs, taskArn: undefined, exitCode: undefined }, options);
  }
}
