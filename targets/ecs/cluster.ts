import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import { roleWith, type RoleWithPolicies } from "../aws/roles";
import { Instances } from "./instances";
import type { TaskSize } from "../aws/instance-types";

/** What runs the tasks of a cluster: AWS Fargate, or EC2 instances of ours. */
export type Capacity = "FARGATE" | "ECS_EC2";

/** The ECS cluster of a stack, with its capacity. Container Insights watch every task; what ECS Exec would do is logged. */
export class EcsCluster extends pulumi.ComponentResource {
  readonly cluster: aws.ecs.Cluster;
  /** Name of the capacity provider of every task. */
  readonly capacityProvider: pulumi.Output<string>;
  /** A task can be placed once this is there. */
  readonly ready: pulumi.Resource;
  private traffic: RoleWithPolicies | undefined;

  /** @param tasks every task that may run at once, for the choice of instances */
  constructor(name: string, foundation: AwsFoundation, readonly capacity: Capacity, tasks: readonly TaskSize[], options: pulumi.ComponentResourceOptions) {
    super("somastack:ecs:Cluster", name, {}, options);
    const clusterName = `somastack-${foundation.context.stack}`;
    this.cluster = new aws.ecs.Cluster(name, {
      name: clusterName,
      settings: [{ name: "containerInsights", value: "enhanced" }],
      configuration: {
        executeCommandConfiguration: {
          kmsKeyId: foundation.key.arn,
          logging: "OVERRIDE",
          logConfiguration: { cloudWatchEncryptionEnabled: true, cloudWatchLogGroupName: foundation.logs.group("ecs-exec").name },
        },
      },
    }, { parent: this });
    this.capacityProvider = capacity === "FARGATE"
      ? pulumi.output("FARGATE")
      : new Instances("instances", foundation, clusterName, tasks, { parent: this }).capacityProvider.name;
    this.ready = new aws.ecs.ClusterCapacityProviders(name, {
      clusterName: this.cluster.name,
      capacityProviders: [this.capacityProvider],
      defaultCapacityProviderStrategies: [{ capacityProvider: this.capacityProvider, weight: 1 }],
    }, { parent: this });
    this.registerOutputs({});
  }

  /** The role with which ECS moves the traffic of blue/green deployments between target groups; one for all of them. */
  get trafficRole(): RoleWithPolicies {
    // AWS keeps this policy for exactly this (ECS developer guide, "Infrastructure IAM role for load balancers").
    this.traffic ??= roleWith("ecs-traffic", "ecs.amazonaws.com", ["AmazonECSInfrastructureRolePolicyForLoadBalancers"], this);
    return this.traffic;
  }
}
