import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import { instanceFor, pack, type TaskSize } from "../aws/instance-types";
import { roleWith } from "../aws/roles";
import { fileSystemGroup, nfsPort } from "./volume";

/** Name of the security group of the instances. */
const instanceGroup = "ecs-instances";

/** Disk of an instance, GiB: the system, the images, and 30 for each task that awsvpc lets onto the usual type. */
const diskGib = 200;

/** Amazon Linux 2023 as ECS recommends it; read when an instance starts, so that new ones have the newest (ECS developer guide, "Retrieving ECS-optimized Linux AMI metadata"). */
const image = "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";

/**
 * EC2 instances that run tasks: their number follows the tasks, and a leaving one is drained first. The instance type is the smallest
 * on which the largest task fits.
 */
export class Instances extends pulumi.ComponentResource {
  readonly capacityProvider: aws.ecs.CapacityProvider;

  constructor(name: string, foundation: AwsFoundation, clusterName: string, tasks: readonly TaskSize[], options: pulumi.ComponentResourceOptions) {
    super("somastack:ecs:Instances", name, {}, options);
    const { context: { stack, profile }, network, securityGroups } = foundation;
    const parent = { parent: this };
    const type = instanceFor(tasks);
    const group = securityGroups.of(instanceGroup);
    securityGroups.egress(instanceGroup, 443);
    // ECS mounts the volumes of tasks from the instance.
    securityGroups.allow(instanceGroup, fileSystemGroup, nfsPort);
    const template = new aws.ec2.LaunchTemplate(name, {
      name: `somastack-${stack}-ecs`,
      imageId: image,
      instanceType: type.name,
      updateDefaultVersion: true,
      iamInstanceProfile: { arn: this.instanceProfile(name).arn },
      vpcSecurityGroupIds: [group.id],
      // One hop: containers do not reach the instance's credentials.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: diskGib, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" } }],
      userData: Buffer.from(`#!/bin/sh\ncat >> /etc/ecs/ecs.config <<END\nECS_CLUSTER=${clusterName}\nECS_AWSVPC_BLOCK_IMDS=true\nEND\n`).toString("base64"),
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: { Name: `somastack-${stack}-ecs` } })),
    }, parent);
    const scaling = new aws.autoscaling.Group(name, {
      vpcZoneIdentifiers: network.privateSubnetIds,
      minSize: profile.production ? 3 : 1,
      // A deployment runs a service's old and new tasks side by side.
      maxSize: 2 * Math.max(3, pack(tasks, type).length),
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      // The number is the capacity provider's business, and instances must not hold up the end of the stack.
      forceDelete: true,
      instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 90 } },
      tags: [
        { key: "AmazonECSManaged", value: "true", propagateAtLaunch: true },
        { key: "Name", value: `somastack-${stack}-ecs`, propagateAtLaunch: true },
      ],
    }, { ...parent, ignoreChanges: ["desiredCapacity"] });
    this.capacityProvider = new aws.ecs.CapacityProvider(name, {
      name: `somastack-${stack}`,
      autoScalingGroupProvider: {
        autoScalingGroupArn: scaling.arn,
        managedScaling: { status: "ENABLED", targetCapacity: 100, instanceWarmupPeriod: 60 },
        managedDraining: "ENABLED",
        managedTerminationProtection: "DISABLED",
      },
    }, parent);
    this.registerOutputs({});
  }

  private instanceProfile(name: string): aws.iam.InstanceProfile {
    const { role } = roleWith(name, "ec2.amazonaws.com", ["service-role/AmazonEC2ContainerServiceforEC2Role", "AmazonSSMManagedInstanceCore"], this);
    return new aws.iam.InstanceProfile(name, { role: role.name }, { parent: this });
  }
}
