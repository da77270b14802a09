import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import { allow, type Statement } from "../aws/roles";
import { bucketStatements, through } from "../aws/statements";
import type { PartSpec } from "./document";
import type { Ec2Volume } from "./volume";

/** What the rights of a group's instances are made from. */
export interface GroupRights {
  /** Physical name of the Auto Scaling group. */
  readonly groupName: string;
  readonly bucketArn: pulumi.Input<string>;
  /** Prefixes of the bucket that the instances read, and write. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly nameArns: readonly pulumi.Input<string>[];
  readonly volumes: readonly Ec2Volume[];
  readonly roleArns: readonly pulumi.Input<string>[];
  /** Namespace of the instances' metrics. */
  readonly metrics: string;
}

/** What an instance does at AWS besides starting containers: its release, its place in its group, its names, disks and metrics. */
export function instanceStatements(foundation: AwsFoundation, account: pulumi.Input<string>, rights: GroupRights): Statement[] {
  const { key, context: { values: { region } } } = foundation;
  const objects = (prefixes: readonly string[]): pulumi.Output<string>[] => prefixes.map((prefix) => pulumi.interpolate`${rights.bucketArn}/${prefix}/*`);
  return [
    { actions: ["s3:GetObject"], resources: objects(rights.reads) },
    ...(rights.writes.length === 0 ? [] : [{ actions: ["s3:PutObject"], resources: objects(rights.writes) }]),
    { actions: ["kms:Decrypt", ...(rights.writes.length === 0 ? [] : ["kms:GenerateDataKey"])], resources: [key.arn], conditions: [through("s3", region)] },
    // The middle of the ARN is given by AWS when the group is made; its name is the stack's own.
    { actions: ["autoscaling:CompleteLifecycleAction", "autoscaling:SetInstanceHealth"], resources: [pulumi.interpolate`arn:aws:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/${rights.groupName}`] },
    // AWS knows these for all resources only; the agent and the script read with them, and metrics have a namespace of their own.
    { actions: ["autoscaling:DescribeAutoScalingGroups", "ec2:DescribeTags", "ec2:DescribeVolumes"], resources: ["*"] },
    { actions: ["cloudwatch:PutMetricData"], resources: ["*"], conditions: [{ test: "StringEquals", variable: "cloudwatch:namespace", values: [rights.metrics] }] },
    ...nameStatements(foundation, rights.nameArns),
    ...volumeStatements(foundation, account, rights),
    ...(rights.roleArns.length === 0 ? [] : [{ actions: ["sts:AssumeRole"], resources: rights.roleArns }]),
  ];
}

/** Cloud Map changes the records of its zone on behalf of who registers (Cloud Map developer guide, "RegisterInstance" permissions). */
function nameStatements({ dns }: AwsFoundation, nameArns: readonly pulumi.Input<string>[]): Statement[] {
  if (nameArns.length === 0 || dns === undefined) return [];
  return [
    { actions: ["servicediscovery:DeregisterInstance", "servicediscovery:ListInstances", "servicediscovery:RegisterInstance"], resources: nameArns },
    { actions: ["route53:ChangeResourceRecordSets"], resources: [pulumi.interpolate`arn:aws:route53:::hostedzone/${dns.hostedZoneId}`] },
  ];
}

function volumeStatements({ key, context: { values: { region }, stack } }: AwsFoundation, account: pulumi.Input<string>, { volumes }: GroupRights): Statement[] {
  if (volumes.length === 0) return [];
  const encryption = [through("ec2", region)];
  return [
    { actions: ["ec2:AttachVolume"], resources: volumes.map(({ disk }) => disk.arn) },
    { actions: ["ec2:AttachVolume"], resources: [pulumi.interpolate`arn:aws:ec2:${region}:${account}:instance/*`], conditions: [{ test: "StringEquals", variable: "aws:ResourceTag/stack", values: [stack] }] },
    { actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], resources: [key.arn], conditions: encryption },
    { actions: ["kms:CreateGrant"], resources: [key.arn], conditions: [...encryption, { test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }] },
  ];
}

/** A role of one service, taken on by the instances of its group; undefined where it needs nothing of AWS. */
export function serviceIdentity(name: string, { objectStores, key, context }: AwsFoundation, { calls }: PartSpec, instanceRole: aws.iam.Role, parent: pulumi.Resource): { readonly role: aws.iam.Role; readonly policy: pulumi.Resource } | undefined {
  const statements = [...new Set(calls.map(({ service }) => service))].flatMap((service) => objectStores.get(service) ?? []).flatMap(({ bucketArn }) => bucketStatements(bucketArn, key.arn, context.values.region));
  if (statements.length === 0) return undefined;
  const role = new aws.iam.Role(name, {
    assumeRolePolicy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: instanceRole.arn } }] }),
  }, { parent });
  return { role, policy: allow(name, role, statements, { parent }) };
}
