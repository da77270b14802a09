import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import type { Options, VolumeRef } from "../target";

/** Name of the security group of the file system's mount targets. */
export const fileSystemGroup = "efs";

/** Port of NFS. */
export const nfsPort = 2049;

/** Zones of a network that is made with the stack. */
const zones = 3;

/** User and group that own everything in a volume, whatever user a container runs as: the access point's, not the container's. */
const owner = { uid: 1000, gid: 1000 };

/** A folder of the stack's file system, reached through an access point of its own. */
export class EcsVolume implements VolumeRef {
  constructor(
    readonly volumeName: string,
    readonly fileSystem: FileSystem,
    readonly accessPoint: aws.efs.AccessPoint,
  ) {}

  /** The volume behind a reference that this target made. */
  static of(reference: VolumeRef): EcsVolume {
    if (!(reference instanceof EcsVolume)) throw new Error(`the volume ${reference.volumeName} was made by another target`);
    return reference;
  }
}

/**
 * The file system of a stack's volumes: encrypted, reached over TLS and with an IAM role only, one mount target a zone. In
 * production it is protected and backed up.
 */
export class FileSystem extends pulumi.ComponentResource {
  readonly fileSystem: aws.efs.FileSystem;
  /** A task can mount the file system once these are there. */
  readonly mountTargets: readonly pulumi.Resource[];

  constructor(name: string, private readonly foundation: AwsFoundation, options: pulumi.ComponentResourceOptions) {
    super("somastack:ecs:FileSystem", name, {}, options);
    const { stack, profile } = foundation.context;
    const parent = { parent: this };
    const kept = { ...parent, protect: profile.production, retainOnDelete: profile.retainData };
    this.fileSystem = new aws.efs.FileSystem(name, {
      encrypted: true, kmsKeyId: foundation.key.arn, throughputMode: "elastic", tags: { Name: `somastack-${stack}` },
    }, kept);
    // A policy ends the access without a role that a file system without one grants to its whole network.
    const policy = new aws.efs.FileSystemPolicy(name, {
      fileSystemId: this.fileSystem.id,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [{ Sid: "OnlyOverTls", Effect: "Deny", Principal: { AWS: "*" }, Action: "*", Resource: this.fileSystem.arn, Condition: { Bool: { "aws:SecureTransport": "false" } } }],
      }),
    }, parent);
    const backups = new aws.efs.BackupPolicy(name, { fileSystemId: this.fileSystem.id, backupPolicy: { status: profile.production ? "ENABLED" : "DISABLED" } }, parent);
    this.mountTargets = [policy, backups, ...this.mountTargetsIn(name)];
    this.registerOutputs({});
  }

  private mountTargetsIn(name: string): pulumi.Resource[] {
    const { network, securityGroups, context } = this.foundation;
    const { network: wanted } = context.values;
    const count = "privateSubnetIds" in wanted ? wanted.privateSubnetIds.length : zones;
    return Array.from({ length: count }, (_, index) => new aws.efs.MountTarget(`${name}-${index}`, {
      fileSystemId: this.fileSystem.id,
      subnetId: network.privateSubnetIds.apply((ids) => ids[index] ?? ""),
      securityGroups: [securityGroups.of(fileSystemGroup).id],
    }, { parent: this }));
  }

  /** A folder of its own, made at its first use. Its data stays when its access point goes. */
  volume(name: string, options: Options): EcsVolume {
    const { profile, stack } = this.foundation.context;
    const accessPoint = new aws.efs.AccessPoint(name, {
      fileSystemId: this.fileSystem.id,
      posixUser: owner,
      rootDirectory: { path: `/${name}`, creationInfo: { ownerUid: owner.uid, ownerGid: owner.gid, permissions: "0700" } },
      tags: { Name: `somastack-${stack}-${name}` },
    }, { ...options, provider: this.foundation.provider, protect: profile.production, retainOnDelete: profile.retainData });
    return new EcsVolume(name, this, accessPoint);
  }
}
