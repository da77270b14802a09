import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { kept } from "../aws/data/arguments";
import type { AwsFoundation } from "../aws/foundation";
import { serviceRole } from "../aws/roles";
import type { Options, VolumeRef } from "../target";

/** A disk of its own, attached by the instance that runs its service. */
export class Ec2Volume implements VolumeRef {
  constructor(
    readonly volumeName: string,
    readonly disk: aws.ebs.Volume,
  ) {}

  /** The volume behind a reference that this target made. */
  static of(reference: VolumeRef): Ec2Volume {
    if (!(reference instanceof Ec2Volume)) throw new Error(`the volume ${reference.volumeName} was made by another target`);
    return reference;
  }
}

/** The data volumes of a stack: encrypted, in one zone, with their instances; in production protected and copied every day. */
export class Volumes extends pulumi.ComponentResource {
  /** Subnet whose zone has the disks. */
  readonly subnetId: pulumi.Output<string>;
  private readonly zone: pulumi.Output<string>;

  constructor(name: string, private readonly foundation: AwsFoundation, options: pulumi.ComponentResourceOptions) {
    super("somastack:ec2:Volumes", name, {}, options);
    const { network, context: { profile } } = foundation;
    this.subnetId = network.privateSubnetIds.apply((ids) => ids[0] ?? "");
    this.zone = aws.ec2.getSubnetOutput({ id: this.subnetId }, { parent: this }).availabilityZone;
    if (profile.production) this.addSnapshots(name);
    this.registerOutputs({});
  }

  /** A disk that outlives the instances and groups that use it. */
  volume(name: string, sizeGib: number, options: Options): Ec2Volume {
    const { context: { profile, stack }, key, provider } = this.foundation;
    return new Ec2Volume(name, new aws.ebs.Volume(name, {
      availabilityZone: this.zone, size: sizeGib, type: "gp3", encrypted: true, kmsKeyId: key.arn, tags: { Name: `somastack-${stack}-${name}`, "somastack-data": stack },
    }, { ...options, provider, ...kept(profile) }));
  }

  private addSnapshots(name: string): void {
    const { profile, stack } = this.foundation.context;
    const role = serviceRole(`${name}-snapshots`, "dlm.amazonaws.com", { parent: this });
    const rights = new aws.iam.RolePolicyAttachment(`${name}-snapshots`, { role: role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole" }, { parent: this });
    new aws.dlm.LifecyclePolicy(name, {
      description: `somastack ${stack}: data volumes, every day`,
      executionRoleArn: role.arn,
      policyDetails: {
        resourceTypes: ["VOLUME"],
        targetTags: { "somastack-data": stack },
        schedules: [{ name: "daily", createRule: { interval: 24, intervalUnit: "HOURS", times: "02:00" }, retainRule: { count: profile.backupDays }, copyTags: true }],
      },
    }, { parent: this, dependsOn: [rights] });
  }
}
