import * as pulumi from "@pulumi/pulumi";

/** Inputs of a refresh; the provider in `provider/` reads the same shape. */
export interface Ec2RefreshInputs {
  readonly region: string;
  /** Name of the Auto Scaling group. */
  readonly group: pulumi.Input<string>;
  /** Id of the launch template. */
  readonly launchTemplate: pulumi.Input<string>;
  /** Its version that must be running. */
  readonly version: pulumi.Input<string>;
  /** Changes when settings of the group change whose effect is waited for. */
  readonly settings: pulumi.Input<string>;
  /** Shares of the wanted number of instances, in per cent, between which a refresh keeps. */
  readonly minHealthyPercent: number;
  readonly maxHealthyPercent: number;
  /** Where the instances write the log of their start, a stream each. */
  readonly logGroup: pulumi.Input<string>;
  /** Longest wait, in seconds. */
  readonly timeoutSeconds: number;
}

/**
 * The end of a rolling refresh of a group's instances. It fails the update when the group does not come to run the wanted version, with
 * group, reason and the last lines of an instance; the group is back at its old version then, and the next update tries again.
 */
export class Ec2Refresh extends pulumi.CustomResource {
  constructor(name: string, inputs: Ec2RefreshInputs, options: pulumi.CustomResourceOptions) {
    super("somastack:ec2:Refresh", name, { ...inputs }, options);
  }
}
