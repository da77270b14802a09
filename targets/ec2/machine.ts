import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import { userData } from "./user-data";

/** Ubuntu 24.04 as Canonical publishes it (Ubuntu on AWS documentation, "Find Ubuntu images"); an update that finds a newer one rolls it out. */
const imageParameter = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";

/** Disk of the system and of Docker's images, GiB, besides what the services ask for. */
const systemDiskGib = 30;

/** Lifecycle hook of a group that waits until its instance's containers are healthy. */
export const readyHook = "ready";

/** What an instance of a group is. */
export interface MachineArgs {
  /** Physical name of its group. */
  readonly groupName: string;
  readonly instanceType: string;
  readonly diskGib: number;
  /** Addresses besides its own: one for each service that others call. */
  readonly addresses: number;
  readonly instanceProfileArn: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
  readonly bucket: pulumi.Input<string>;
  readonly key: pulumi.Input<string>;
  readonly logGroup: pulumi.Input<string>;
  readonly metrics: string;
}

/** The image's id is resolved now: a group cannot go back to a version that resolves it at the start (EC2 Auto Scaling user guide, "Undo changes with a rollback"). */
function imageId(parent: pulumi.Resource): pulumi.Output<string> {
  return aws.ssm.getParameterOutput({ name: imageParameter }, { parent }).insecureValue;
}

/** The launch template of a group: IMDSv2 one hop away, encrypted gp3, no public address, no key pair. */
export function launchTemplate(name: string, { context: { stack, values: { region } } }: AwsFoundation, args: MachineArgs, options: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource }): aws.ec2.LaunchTemplate {
  const tags = { Name: args.groupName, project: "somastack", stack };
  const data = pulumi.output({ bucket: args.bucket, key: args.key, logGroup: args.logGroup }).apply((known) =>
    Buffer.from(userData({ ...known, region, group: args.groupName, hook: readyHook, metrics: args.metrics })).toString("base64"));
  return new aws.ec2.LaunchTemplate(name, {
    name: args.groupName,
    imageId: imageId(options.parent),
    instanceType: args.instanceType,
    updateDefaultVersion: true,
    iamInstanceProfile: { arn: args.instanceProfileArn },
    networkInterfaces: [{
      deviceIndex: 0,
      associatePublicIpAddress: "false",
      deleteOnTermination: "true",
      securityGroups: [args.securityGroupId],
      ...(args.addresses === 0 ? {} : { ipv4AddressCount: args.addresses }),
    }],
    // One hop: containers do not reach the instance's credentials.
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    monitoring: { enabled: true },
    blockDeviceMappings: [{ deviceName: "/dev/sda1", ebs: { volumeSize: systemDiskGib + args.diskGib, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" } }],
    userData: data,
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
  }, options);
}
