import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import { instanceFor } from "../aws/instance-types";
import { allow, roleWith } from "../aws/roles";
import { executionStatements } from "../aws/statements";
import { externalPorts } from "../external-ports";
import { addAlarms } from "./alarms";
import { launchTemplate, readyHook } from "./machine";
import type { Ec2Service, Member } from "./member";
import { helperSize } from "./relay";
import { Ec2Refresh } from "./refresh";
import type { Release, Releases } from "./releases";
import { instanceStatements } from "./rights";
import { imagesOf, secretArnsOf } from "./values";
import type { Ec2Volume, Volumes } from "./volume";

/** Per cent of its processors that a group's number of instances keeps to. */
const targetCpu = 60;

/** Longest refresh, in seconds for each instance: its start may take half an hour, and its end a few minutes. */
const secondsAnInstance = 2400;

/** Seconds that an instance has until its containers are healthy. */
const startSeconds = 1800;

/** Name by which security groups and logs know a group. */
export const instancesOfGroup = (group: string): string => `${group}-instances`;

/** What a group is made from. */
export interface GroupArgs {
  readonly foundation: AwsFoundation;
  readonly releases: Releases;
  /** The instances' role; services may have been told of it. */
  readonly role: aws.iam.Role;
  readonly release: Release;
  /** What runs on its instances: services, and jobs between them. */
  readonly members: readonly Member[];
  readonly services: readonly Ec2Service[];
  readonly size: { readonly min: number; readonly max: number };
  /** Prefixes of the bucket besides its own that the instances read, and write. */
  readonly shared?: { readonly reads: readonly string[]; readonly writes: readonly string[] };
  readonly names: readonly aws.servicediscovery.Service[];
  readonly identities: readonly { readonly role: aws.iam.Role; readonly policy: pulumi.Resource }[];
  readonly volumes: readonly Ec2Volume[];
  /** Zone of the volumes. */
  readonly place: Volumes | undefined;
  /** What must be there before an instance starts. */
  readonly before: readonly pulumi.Resource[];
}

/** The role of a group's instances, with which Session Manager reaches them. */
export function instanceRole(group: string, parent: pulumi.Resource): ReturnType<typeof roleWith> {
  return roleWith(instancesOfGroup(group), "ec2.amazonaws.com", ["AmazonSSMManagedInstanceCore"], parent);
}

/** A group of equal instances that run some services under Docker; `refresh` is there once all of them run the release in good health. */
export class Ec2Group extends pulumi.ComponentResource {
  readonly refresh: Ec2Refresh;

  constructor(name: string, args: GroupArgs, options: pulumi.ComponentResourceOptions) {
    super("somastack:ec2:Group", name, {}, options);
    const { foundation, size, before } = args;
    const { context: { stack, values: { region } }, network, securityGroups, logs } = foundation;
    const parent = { parent: this };
    const groupName = `somastack-${stack}-${name}`;
    const metrics = `somastack/${stack}`;
    const log = logs.group(instancesOfGroup(name));
    const policy = this.allowInstances(name, args, groupName, metrics, log);
    // AWS's endpoints and language models, Ubuntu's archive (signed, over HTTP), and what the settings name outside.
    for (const port of [443, 80, ...externalPorts(foundation.context.values)]) securityGroups.egress(instancesOfGroup(name), port);

    const template = launchTemplate(name, foundation, {
      groupName,
      instanceType: instanceTypeFor(args),
      diskGib: args.members.reduce((sum, { spec }) => sum + (spec.diskGib ?? 0), 0),
      addresses: args.names.length,
      instanceProfileArn: new aws.iam.InstanceProfile(name, { role: args.role.name }, parent).arn,
      securityGroupId: securityGroups.of(instancesOfGroup(name)).id,
      bucket: args.releases.bucket,
      key: args.release.key,
      logGroup: log.name,
      metrics,
    }, parent);
    // Data has one place: its instance ends before the next one starts.
    const share = args.volumes.length > 0 ? { minHealthyPercentage: 0, maxHealthyPercentage: 100 } : { minHealthyPercentage: 100, maxHealthyPercentage: 200 };
    const exposures = args.services.flatMap(({ exposure }) => exposure ?? []);
    const group = new aws.autoscaling.Group(name, {
      name: groupName,
      minSize: size.min,
      maxSize: size.max,
      desiredCapacity: size.min,
      vpcZoneIdentifiers: args.volumes.length > 0 && args.place !== undefined ? [args.place.subnetId] : network.privateSubnetIds,
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      initialLifecycleHooks: [{ name: readyHook, lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", defaultResult: "ABANDON", heartbeatTimeout: startSeconds }],
      instanceMaintenancePolicy: share,
      targetGroupArns: exposures.map(({ targetGroup }) => targetGroup.arn),
      healthCheckType: exposures.length === 0 ? "EC2" : "ELB",
      healthCheckGracePeriod: 120,
      enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances"],
      metricsGranularity: "1Minute",
      // The refresh below waits, and tells a failed start from a slow one.
      waitForCapacityTimeout: "0",
      tags: [["Name", groupName], ["project", "somastack"], ["stack", stack]].map(([key = "", value = ""]) => ({ key, value, propagateAtLaunch: true })),
    }, {
      ...parent,
      dependsOn: [policy, args.release.object, ...args.identities.map((identity) => identity.policy), ...exposures.flatMap(({ resources }) => resources), ...before],
      // The refresh moves the group to a new version, so that it can come back to the old one; load decides how many there are.
      ignoreChanges: ["launchTemplate", "desiredCapacity"],
    });
    this.refresh = new Ec2Refresh(name, {
      region,
      group: group.name,
      launchTemplate: template.id,
      version: template.latestVersion.apply(String),
      settings: pulumi.jsonStringify({ targetGroups: group.targetGroupArns, subnets: group.vpcZoneIdentifiers, min: size.min }),
      minHealthyPercent: share.minHealthyPercentage,
      maxHealthyPercent: share.maxHealthyPercentage,
      logGroup: log.name,
      timeoutSeconds: secondsAnInstance * size.max,
    }, { ...parent, dependsOn: [group, ...before] });
    if (size.max > size.min) this.scale(name, group);
    addAlarms(name, foundation, { groupName: group.name, metrics, wanted: size.min }, this);
    this.registerOutputs({});
  }

  private allowInstances(name: string, args: GroupArgs, groupName: string, metrics: string, log: aws.cloudwatch.LogGroup): pulumi.Resource {
    const { foundation, members, shared } = args;
    const specs = members.map(({ spec }) => spec);
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    return allow(name, args.role, [
      ...executionStatements({
        region: foundation.context.values.region,
        images: imagesOf(specs),
        logGroupArns: [log.arn, ...members.map(({ memberName }) => foundation.logs.group(memberName).arn)],
        secretArns: secretArnsOf(specs),
        keyArn: foundation.key.arn,
      }),
      ...instanceStatements(foundation, account, {
        groupName,
        bucketArn: args.releases.arn,
        reads: [`groups/${name}`, ...(shared?.reads ?? [])],
        writes: shared?.writes ?? [],
        nameArns: args.names.map(({ arn }) => arn),
        volumes: args.volumes,
        roleArns: args.identities.map(({ role }) => role.arn),
        metrics,
      }),
    ], { parent: this });
  }

  private scale(name: string, group: aws.autoscaling.Group): void {
    new aws.autoscaling.Policy(`${name}-cpu`, {
      autoscalingGroupName: group.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: { predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" }, targetValue: targetCpu },
    }, { parent: this });
  }
}

/** The smallest instance that holds all services with their helpers, and the largest of the jobs: they run one after the other. */
function instanceTypeFor({ members, services }: GroupArgs): string {
  const jobs = members.map(({ spec }) => spec).filter(({ health }) => health === undefined);
  const running = services.flatMap(({ spec }) => [spec, ...(spec.entry?.health.host === undefined ? [] : [helperSize])]);
  const total = (part: "cpu" | "memoryMib"): number => running.reduce((sum, size) => sum + size[part], 0) + Math.max(0, ...jobs.map((job) => job[part]));
  return instanceFor([{ cpu: total("cpu"), memoryMib: total("memoryMib") }]).name;
}
