import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import { AwsImage } from "../aws/images";
import type { Statement } from "../aws/roles";
import { AwsSecret } from "../aws/secrets";
import { bucketStatements, executionStatements } from "../aws/statements";
import { externalPorts } from "../external-ports";
import type { ServiceSpec, WorkloadSpec } from "../target";
import type { Capacity } from "./cluster";
import { containersOf, refuseTooLarge, type ContainerValues, type RelayedHealth, type TaskParts } from "./containers";
import { filesConfiguration, foldersOf, type Folder } from "./folders";
import { taskRole, volumeStatements } from "./roles";
import { EcsVolume, fileSystemGroup, nfsPort } from "./volume";

/** What a task is made from: a job, or a service with its ports, volumes and health check. */
export type TaskSpec = WorkloadSpec & Partial<Pick<ServiceSpec, "ports" | "health" | "volumes">>;

/** Most ephemeral disk that Fargate gives without being asked, GiB. */
const freeDiskGib = 20;
/** Least that it can be asked for. */
const leastDiskGib = 21;

/**
 * One task definition with what belongs to it: log group, security group with the connections that the workload needs, a role of the
 * workload and one with which ECS starts it.
 */
export class EcsTask extends pulumi.ComponentResource {
  readonly definition: aws.ecs.TaskDefinition;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** A task can start once these are there. */
  readonly waitFor: pulumi.Resource[];

  /** @throws Error when the task definition is known to be too large, or files cannot be put where they should be */
  constructor(name: string, foundation: AwsFoundation, capacity: Capacity, spec: TaskSpec, relay: RelayedHealth | undefined, options: pulumi.ComponentResourceOptions) {
    super("somastack:ecs:Task", name, {}, options);
    const { context: { stack, values: { region } }, key } = foundation;
    const volumes = (spec.volumes ?? []).map(({ volume, path }) => ({ volume: EcsVolume.of(volume), path }));
    const folders = foldersOf(name, spec, volumes.map(({ path }) => path));
    this.logGroup = foundation.logs.group(name);
    this.securityGroup = openConnections(name, foundation, spec, volumes.length > 0);

    const secrets = Object.fromEntries(Object.entries(spec.secrets).map(([variable, reference]) => [variable, AwsSecret.of(reference)]));
    const secretArns = [...new Set(Object.values(secrets))].map((secret) => secret.arn);
    const [image, helper] = [AwsImage.of(spec.image).reference, AwsImage.of(spec.helper).reference];
    const images = spec.image === spec.helper ? [image] : [image, helper];
    const execution = taskRole(`${name}-execution`, executionStatements({ region, images, logGroupArns: [this.logGroup.arn], secretArns, keyArn: key.arn }), this);
    const own = taskRole(name, ownStatements(foundation, spec, volumes.map(({ volume }) => volume)), this);
    this.waitFor = [...execution.policies, ...own.policies, ...volumes.flatMap(({ volume }) => volume.fileSystem.mountTargets)];

    const container = containersFor(name, spec, {
      capacity,
      folders,
      data: volumes.map(({ path }, index) => ({ volume: `data-${index}`, path })),
      ...(relay === undefined ? {} : { relay }),
    });
    const plain = { log: { group: `/somastack/${stack}/${name}`, region, prefix: name } };
    refuseTooLarge(name, container({ ...knownValues(spec, folders), ...plain }));
    const values = pulumi.output({
      image,
      helper,
      environment: spec.environment,
      // With its version: a new value is a new task definition, and so reaches every task and runs jobs again.
      secrets: Object.fromEntries(Object.entries(secrets).map(([variable, secret]) => [variable, pulumi.interpolate`${secret.arn}:::${secret.version.versionId}`])),
      log: { ...plain.log, group: this.logGroup.name },
      files: pulumi.output(spec.files.map((file) => ({ ...file }))).apply((files) => filesConfiguration(folders, files)),
    });

    this.definition = new aws.ecs.TaskDefinition(name, {
      family: `somastack-${stack}-${name}`,
      networkMode: "awsvpc",
      requiresCompatibilities: [capacity === "FARGATE" ? "FARGATE" : "EC2"],
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
      cpu: String(Math.round(spec.cpu * 1024)),
      memory: String(spec.memoryMib),
      ...(capacity === "FARGATE" && spec.diskGib !== undefined && spec.diskGib > freeDiskGib ? { ephemeralStorage: { sizeInGib: Math.max(spec.diskGib, leastDiskGib) } } : {}),
      executionRoleArn: execution.role.arn,
      taskRoleArn: own.role.arn,
      volumes: [
        ...folders.map(({ volume }) => ({ name: volume })),
        ...volumes.map(({ volume }, index) => ({
          name: `data-${index}`,
          efsVolumeConfiguration: {
            fileSystemId: volume.fileSystem.fileSystem.id,
            transitEncryption: "ENABLED",
            authorizationConfig: { accessPointId: volume.accessPoint.id, iam: "ENABLED" },
          },
        })),
      ],
      containerDefinitions: values.apply((known) => JSON.stringify(container(known))),
    }, { parent: this });
    this.registerOutputs({});
  }
}

function containersFor(name: string, spec: TaskSpec, parts: TaskParts): (values: ContainerValues) => ReturnType<typeof containersOf> {
  return (values) => containersOf(name, spec, parts, values);
}

/** The connections that a workload needs, and no others. */
export function openConnections(name: string, { context, securityGroups, objectStores, outside }: AwsFoundation, spec: TaskSpec, mounts: boolean): aws.ec2.SecurityGroup {
  // AWS's endpoints, buckets among them, language models, and what the settings name outside.
  for (const port of new Set([443, ...externalPorts(context.values)])) securityGroups.egress(name, port);
  for (const { service, port } of spec.calls) if (!objectStores.has(service) && !outside.has(service)) securityGroups.allow(name, service, port);
  if (mounts) securityGroups.allow(name, fileSystemGroup, nfsPort);
  return securityGroups.of(name);
}

/** What the workload itself may do at AWS: its buckets and its volumes. */
export function ownStatements({ objectStores, key, context }: AwsFoundation, spec: TaskSpec, volumes: readonly EcsVolume[]): Statement[] {
  const stores = [...new Set(spec.calls.map(({ service }) => service))].flatMap((service) => objectStores.get(service) ?? []);
  return [
    ...stores.flatMap(({ bucketArn }) => bucketStatements(bucketArn, key.arn, context.values.region)),
    ...volumes.flatMap(({ fileSystem, accessPoint }) => volumeStatements(fileSystem.fileSystem.arn, accessPoint.arn)),
  ];
}

/** What is known while the program runs; the rest counts as empty. */
function knownValues(spec: TaskSpec, folders: readonly Folder[]): Omit<ContainerValues, "log"> {
  const text = (value: pulumi.Input<string>): string => (typeof value === "string" ? value : "");
  return {
    image: "",
    helper: "",
    environment: Object.fromEntries(Object.entries(spec.environment).map(([variable, value]) => [variable, text(value)])),
    secrets: {},
    files: filesConfiguration(folders, spec.files.map(({ path, content }) => ({ path, content: text(content) }))),
  };
}
