import * as pulumi from "@pulumi/pulumi";

/** Inputs of a rollout; the provider in `provider/` reads the same shape. */
export interface RolloutInputs {
  readonly region: string;
  /** ARN of the service. */
  readonly service: pulumi.Input<string>;
  /** Name of the service, for errors. */
  readonly serviceName: string;
  /** The image that must be running. */
  readonly image: pulumi.Input<string>;
  /** Changes when anything of the service changes that makes App Runner deploy. */
  readonly settings: pulumi.Input<string>;
  /** Longest wait for one deployment, in seconds. */
  readonly timeoutSeconds: number;
}

/** The end of a deployment of App Runner. It fails the update when App Runner rolled it back, which counts as a success there. */
export class AppRunnerRollout extends pulumi.CustomResource {
  constructor(name: string, inputs: RolloutInputs, options: pulumi.CustomResourceOptions) {
    super("somastack:apprunner:Rollout", name, { ...inputs }, options);
  }
}

/** Inputs of the rollout of an Express service. */
export interface ExpressRolloutInputs extends RolloutInputs {
  readonly cluster: pulumi.Input<string>;
}

/** The end of a deployment of an Express service, found by its image: ECS writes its task definitions itself. */
export class ExpressRollout extends pulumi.CustomResource {
  constructor(name: string, inputs: ExpressRolloutInputs, options: pulumi.CustomResourceOptions) {
    super("somastack:apprunner:ExpressRollout", name, { ...inputs }, options);
  }
}
