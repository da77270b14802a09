import * as pulumi from "@pulumi/pulumi";

/** Inputs of a rollout; the provider in `provider/` reads the same shape. */
export interface EcsRolloutInputs {
  readonly region: string;
  readonly cluster: pulumi.Input<string>;
  /** Name of the service. */
  readonly service: pulumi.Input<string>;
  /** ARN with its revision: the one that must be running. */
  readonly taskDefinition: pulumi.Input<string>;
  /** Changes when settings of the service change that make ECS deploy. */
  readonly settings: pulumi.Input<string>;
  /** Longest wait for one deployment, in seconds. */
  readonly timeoutSeconds: number;
}

/**
 * The end of a service's deployment. It fails the update when ECS rolled the service back or another task definition is running, with
 * service, wanted and running revision and the reason; the next update asks ECS for the wanted one again.
 */
export class EcsRollout extends pulumi.CustomResource {
  constructor(name: string, inputs: EcsRolloutInputs, options: pulumi.CustomResourceOptions) {
    super("somastack:ecs:Rollout", name, { ...inputs }, options);
  }
}
