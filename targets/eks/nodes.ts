import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { allJobs, chooseServices } from "../../services/catalog";
import { replicasOf, sizeOn } from "../../services/sizing";
import { serviceRole } from "../aws/roles";
import type { AwsFoundation } from "../aws/foundation";

/** 8 vCPU, 32 GiB: two of the guide's applications a node. */
const instance = { type: "m7i.2xlarge", cpu: 8, memoryMib: 32768 } as const;

/** Part of a node that pods get; the rest is the system's, the agents' and what does not fit. */
const usable = 0.85;

/** GiB of a node's disk: images and the pods' ephemeral storage. */
const diskGib = 100;

const policies = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"];

/** Nodes that hold the catalog: at its fewest and at its most instances, each in all three zones. */
export function nodeNumbers(production: boolean, managed: readonly string[]): { readonly min: number; readonly max: number } {
  const services = chooseServices(() => true).filter((service) => service.data === undefined || !managed.includes(service.data.kind));
  const needed = (bound: "min" | "max"): number => {
    const sizes = [...services.flatMap((service) => Array.from({ length: replicasOf(service, production)[bound] }, () => sizeOn("EKS", service))), ...allJobs.slice(0, 1).map((job) => sizeOn("EKS", job))];
    const sum = (part: "cpu" | "memoryMib"): number => sizes.reduce((total, size) => total + size[part], 0);
    return Math.max(3, Math.ceil(Math.max(sum("cpu") / (instance.cpu * usable), sum("memoryMib") / (instance.memoryMib * usable))));
  };
  const min = needed("min");
  return { min, max: Math.max(min + 1, needed("max")) };
}

/** What nodes are made from. */
export interface NodesArgs {
  readonly foundation: AwsFoundation;
  readonly clusterName: pulumi.Input<string>;
  readonly version: string;
  readonly numbers: { readonly min: number; readonly max: number };
}

/**
 * A managed node group: Amazon Linux 2023 in the private subnets, encrypted gp3 disks, and instance metadata by IMDSv2 only, which no pod
 * reaches (hop limit 1).
 */
export class Nodes extends pulumi.ComponentResource {
  readonly group: aws.eks.NodeGroup;

  constructor(name: string, { foundation, clusterName, version, numbers }: NodesArgs, options: pulumi.ComponentResourceOptions) {
    super("somastack:eks:Nodes", name, {}, options);
    const parent = { parent: this };
    const { stack } = foundation.context;
    const role = serviceRole(name, "ec2.amazonaws.com", parent);
    const rights = policies.map((policy) => new aws.iam.RolePolicyAttachment(policy, { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` }, parent));
    const template = new aws.ec2.LaunchTemplate(name, {
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeType: "gp3", volumeSize: diskGib, encrypted: "true", deleteOnTermination: "true" } }],
      monitoring: { enabled: true },
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: { Name: `somastack-${stack}`, project: "somastack", stack } })),
      updateDefaultVersion: true,
    }, parent);
    this.group = new aws.eks.NodeGroup(name, {
      clusterName,
      nodeRoleArn: role.arn,
      version,
      subnetIds: foundation.network.privateSubnetIds,
      amiType: "AL2023_x86_64_STANDARD",
      instanceTypes: [instance.type],
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      scalingConfig: { minSize: numbers.min, desiredSize: numbers.min, maxSize: numbers.max },
      updateConfig: { maxUnavailablePercentage: 33 },
      nodeRepairConfig: { enabled: true },
    }, { ...parent, dependsOn: rights, ignoreChanges: ["scalingConfig.desiredSize"] });
    this.registerOutputs({});
  }
}
