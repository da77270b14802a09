import type { Plan, PlannedResource } from "../plan/plan";
import { instanceTypes, pack, type TaskSize } from "../targets/aws/instance-types";
import { at, listAt, numberAt, textAt, type Meter, type Usage } from "./meter";

/** Ephemeral disk that a Fargate task has without further cost, GB (AWS Fargate pricing). */
const includedDiskGb = 20;

/** The tasks of a service: its definition's size, and how many. */
interface Tasks extends TaskSize {
  readonly diskGb: number;
  readonly count: number;
}

/** The tasks of an ECS service: the task definition that it runs has its name. */
export function tasksOf(service: PlannedResource, plan: Plan): Tasks | undefined {
  const definition = plan.resources.find(({ type, urn }) => type === "aws:ecs/taskDefinition:TaskDefinition" && service.dependencies.includes(urn) && urn.endsWith(`::${service.name}`));
  const cpu = numberAt(definition?.inputs, "cpu");
  const memoryMib = numberAt(definition?.inputs, "memory");
  if (cpu === undefined || memoryMib === undefined) return undefined;
  return { cpu: cpu / 1024, memoryMib, diskGb: numberAt(definition?.inputs, "ephemeralStorage.sizeInGib") ?? includedDiskGb, count: numberAt(service.inputs, "desiredCount") ?? 1 };
}

/** On Fargate the tasks cost; on instances of the stack's own the instances do. */
export const ecsService: Meter = (service, plan) => {
  if (!listAt(service.inputs, "capacityProviderStrategies").some((strategy) => textAt(strategy, "capacityProvider") === "FARGATE")) return [];
  const tasks = tasksOf(service, plan);
  if (tasks === undefined) throw new Error(`the plan has no task definition of ${service.urn}`);
  const { cpu, memoryMib, diskGb, count } = tasks;
  return fargate({ cpu, memoryMib, diskGb }, count);
};

/** Amazon ECS Express Mode runs on Fargate. */
export const expressService: Meter = ({ inputs }) =>
  fargate({ cpu: (numberAt(inputs, "cpu") ?? 1024) / 1024, memoryMib: numberAt(inputs, "memory") ?? 2048, diskGb: includedDiskGb }, numberAt(inputs, "scalingTarget.minTaskCount") ?? numberAt(inputs, "scalingTargets.0.minTaskCount") ?? 1);

function fargate({ cpu, memoryMib, diskGb }: TaskSize & { readonly diskGb: number }, count: number): Usage[] {
  return [
    { price: "fargate vcpu", quantity: cpu * count },
    { price: "fargate memory", quantity: (memoryMib / 1024) * count },
    ...(diskGb > includedDiskGb ? [{ price: "fargate disk", quantity: (diskGb - includedDiskGb) * count }] : []),
  ];
}

/** The least that an App Runner service costs: the memory of its provisioned instances. Their vCPU is paid while they work. */
export const appRunnerService: Meter = ({ inputs, dependencies }, { resources }) => {
  const scaling = resources.find(({ type, urn }) => type.startsWith("aws:apprunner/autoScalingConfiguration") && dependencies.includes(urn));
  const memory = numberAt(inputs, "instanceConfiguration.memory") ?? 2048;
  return [{ price: "app-runner memory", quantity: (memory / 1024) * (numberAt(scaling?.inputs, "minSize") ?? 1) }];
};

/** Instances of an Auto Scaling group: as many as its tasks need when ECS scales it, else as many as it is made with. */
export const autoScalingGroup: Meter = (group, plan) => {
  const template = templateOf(group, plan);
  const type = textAt(template?.inputs, "instanceType") || textAt(group.inputs, "mixedInstancesPolicy.launchTemplate.overrides.0.instanceType");
  const made = Math.max(numberAt(group.inputs, "desiredCapacity") ?? 0, numberAt(group.inputs, "minSize") ?? 0);
  const count = listAt(group.inputs, "tags").some((tag) => textAt(tag, "key") === "AmazonECSManaged") ? Math.max(made, instancesForTasks(plan, type)) : made;
  return machines(type, count, template);
};

/** Nodes of an EKS node group. */
export const nodeGroup: Meter = (group, plan) =>
  machines(textAt(group.inputs, "instanceTypes.0"), numberAt(group.inputs, "scalingConfig.desiredSize") ?? 1, templateOf(group, plan));

function machines(type: string, count: number, template: PlannedResource | undefined): Usage[] {
  const diskGb = listAt(template?.inputs, "blockDeviceMappings").reduce<number>((sum, device) => sum + (numberAt(device, "ebs.volumeSize") ?? 0), 0);
  return [{ price: `ec2 ${type}`, quantity: count }, ...(diskGb > 0 ? [{ price: "ebs gp3", quantity: diskGb * count }] : [])];
}

function templateOf({ dependencies }: PlannedResource, { resources }: Plan): PlannedResource | undefined {
  return resources.find(({ type, urn }) => type === "aws:ec2/launchTemplate:LaunchTemplate" && dependencies.includes(urn));
}

function instancesForTasks(plan: Plan, type: string): number {
  const instance = instanceTypes.find(({ name }) => name === type);
  if (instance === undefined) return 0;
  const tasks = plan.resources.filter((resource) => resource.type === "aws:ecs/service:Service").flatMap((service) => {
    const found = tasksOf(service, plan);
    return found === undefined ? [] : Array.from({ length: found.count }, () => found);
  });
  return pack(tasks, instance).length;
}

/** A block device that is a resource of its own. */
export const volume: Meter = ({ inputs }) => [{ price: `ebs ${textAt(inputs, "type") || "gp2"}`, quantity: numberAt(inputs, "size") ?? 0 }];

/** A volume of a cluster in AWS, of the storage class that its claim names. */
export const volumeClaim: Meter = ({ inputs }, { resources }) => {
  const name = textAt(inputs, "spec.storageClassName");
  const storageClass = resources.find((resource) => resource.type === "kubernetes:storage.k8s.io/v1:StorageClass" && at(resource.inputs, "metadata.name") === name);
  const size = /^(\d+)Gi$/.exec(textAt(inputs, "spec.resources.requests.storage"));
  // Without a class of ours the cluster decides where its volumes are.
  if (storageClass === undefined || size === null) return [];
  return [{ price: `ebs ${textAt(storageClass.inputs, "parameters.type")}`, quantity: Number(size[1]) }];
};
