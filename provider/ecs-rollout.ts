import type {
  DescribeServiceDeploymentsCommandInput, DescribeServiceDeploymentsCommandOutput, DescribeServiceRevisionsCommandInput,
  DescribeServiceRevisionsCommandOutput, DescribeServicesCommandInput, DescribeServicesCommandOutput, DescribeTasksCommandInput,
  DescribeTasksCommandOutput, ListServiceDeploymentsCommandInput, ListServiceDeploymentsCommandOutput, ListTasksCommandInput,
  ListTasksCommandOutput, UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { z } from "zod";

import { ecsClient } from "./aws-clients";
import { deadline, poll, usualPatience, type Patience } from "./ecs-poll";
import { deploymentIds, isEndingBadly, judge, type Sight } from "./ecs-verdict";
import { differing, handler } from "./handler";

/** What is waited for; the same shape as the inputs of the resource. */
export const ecsRolloutInputs = z.object({
  region: z.string(),
  /** ARN or name. */
  cluster: z.string(),
  /** Name of the service. */
  service: z.string(),
  /** ARN with its revision: the one that must be running. */
  taskDefinition: z.string(),
  /** Changes when the service's settings do: every deployment is waited for, also one that keeps the task definition. */
  settings: z.string(),
  /** Longest wait for one deployment, in seconds. */
  timeoutSeconds: z.number(),
});

/** Inputs of a rollout. */
export type EcsRolloutInputs = z.infer<typeof ecsRolloutInputs>;

/** What tells about services; the SDK's client is one. */
export interface ServiceWatcher {
  describeServices(input: DescribeServicesCommandInput): Promise<Pick<DescribeServicesCommandOutput, "services">>;
  listServiceDeployments(input: ListServiceDeploymentsCommandInput): Promise<Pick<ListServiceDeploymentsCommandOutput, "serviceDeployments">>;
  describeServiceDeployments(input: DescribeServiceDeploymentsCommandInput): Promise<Pick<DescribeServiceDeploymentsCommandOutput, "serviceDeployments">>;
  describeServiceRevisions(input: DescribeServiceRevisionsCommandInput): Promise<Pick<DescribeServiceRevisionsCommandOutput, "serviceRevisions">>;
  updateService(input: UpdateServiceCommandInput): Promise<unknown>;
  listTasks(input: ListTasksCommandInput): Promise<Pick<ListTasksCommandOutput, "taskArns">>;
  describeTasks(input: DescribeTasksCommandInput): Promise<Pick<DescribeTasksCommandOutput, "tasks">>;
}

/** How a rollout reaches AWS. */
export interface RolloutTools {
  readonly services: ServiceWatcher;
  readonly patience: Patience;
}

/** Events of the service that an error shows. */
const shownEvents = 5;
/** Stopped tasks that an error shows. */
const shownTasks = 3;
/** Sights of another task definition in a row that are believed. */
const strangeSights = 3;

/** The end of a service's deployment; it fails when another task definition than the wanted one is running then. */
export const ecsRollout = handler({
  schema: ecsRolloutInputs,
  replaces: (before, after) => differing(["cluster", "service"], before, after),
  create: async (inputs) => ({ id: `${inputs.cluster.split("/").at(-1)}/${inputs.service}`, outs: await rolledOut(inputs) }),
  update: { changes: (before, after) => differing(["taskDefinition", "settings"], before, after).length > 0, run: (inputs) => rolledOut(inputs) },
});

async function rolledOut(inputs: EcsRolloutInputs): Promise<Record<string, unknown>> {
  await waitForRollout(inputs, { services: await ecsClient(inputs.region), patience: usualPatience });
  return { ...inputs };
}

/**
 * Waits until the service's deployment is over and the wanted task definition runs. A service that was or is being rolled back at the
 * time of this call, or that runs another one, is asked for the wanted one once more: the update after a failed one converges.
 *
 * @throws Error that names the service, the wanted and the running task definition and the reason
 */
export async function waitForRollout(inputs: EcsRolloutInputs, tools: RolloutTools): Promise<void> {
  const expired = deadline(inputs.timeoutSeconds);
  const atFirst = await restingSight(inputs, tools, expired);
  const first = judge(inputs.taskDefinition, atFirst);
  const again = first.state === "failed" || first.state === "other";
  const over = again ? deploymentIds(atFirst) : new Set<string>();
  if (again) {
    await tools.services.updateService({ cluster: inputs.cluster, service: inputs.service, taskDefinition: inputs.taskDefinition, forceNewDeployment: true });
  }
  let strange = 0;
  const verdict = await poll(async () => {
    const found = judge(inputs.taskDefinition, await look(inputs, tools), over);
    // ECS may know of a deployment a moment later than it accepts it.
    strange = found.state === "other" ? strange + 1 : 0;
    return found.state === "running" || (found.state === "other" && strange < strangeSights) ? undefined : found;
  }, expired, tools.patience);
  if (verdict?.state === "done") return;
  const told = verdict === undefined
    ? `is not there after ${inputs.timeoutSeconds} s`
    : verdict.state === "failed" ? `failed, running is ${short(verdict.running)}: ${verdict.reason}` : `was given up, running is ${short(verdict.running)}: it was rolled back, or someone else deployed`;
  throw new Error([`service ${inputs.service}: the deployment of ${short(inputs.taskDefinition)} ${told}`, ...(await evidence(inputs, tools))].join("\n"));
}

/** The first sight; where a rollback of an earlier update is still going on, the one after its end. */
async function restingSight(inputs: EcsRolloutInputs, tools: RolloutTools, expired: () => boolean): Promise<Sight> {
  const atFirst = await look(inputs, tools);
  if (!isEndingBadly(inputs.taskDefinition, atFirst)) return atFirst;
  const rested = await poll(async () => {
    const sight = await look(inputs, tools);
    return judge(inputs.taskDefinition, sight).state === "running" ? undefined : sight;
  }, expired, tools.patience);
  return rested ?? atFirst;
}

async function look({ cluster, service }: EcsRolloutInputs, { services }: RolloutTools): Promise<Sight> {
  const found = (await services.describeServices({ cluster, services: [service] })).services?.[0];
  if (found === undefined || found.status === "INACTIVE") throw new Error(`service ${service}: the cluster ${cluster} has no service of this name`);
  const history = (await services.listServiceDeployments({ cluster, service })).serviceDeployments ?? [];
  const newest = [...history].sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))[0]?.serviceDeploymentArn;
  if (newest === undefined) return { service: found };
  const latest = (await services.describeServiceDeployments({ serviceDeploymentArns: [newest] })).serviceDeployments?.[0];
  if (latest === undefined) return { service: found };
  const revision = latest.targetServiceRevision?.arn;
  const latestTarget = revision === undefined ? undefined : (await services.describeServiceRevisions({ serviceRevisionArns: [revision] })).serviceRevisions?.[0]?.taskDefinition;
  return { service: found, latest, ...(latestTarget === undefined ? {} : { latestTarget }) };
}

/** What explains a failure; a question that fails is part of it and hides nothing. */
async function evidence(inputs: EcsRolloutInputs, tools: RolloutTools): Promise<string[]> {
  try {
    return (await stoppedTasksAndEvents(inputs, tools)).map((line) => `  | ${line}`);
  } catch (error) {
    return [`  | (ECS tells no more: ${error instanceof Error ? error.message : String(error)})`];
  }
}

/** Why tasks of the wanted task definition stopped, and what ECS noted about the service. */
async function stoppedTasksAndEvents(inputs: EcsRolloutInputs, { services }: RolloutTools): Promise<string[]> {
  const { cluster, service } = inputs;
  const events = (await services.describeServices({ cluster, services: [service] })).services?.[0]?.events ?? [];
  const { taskArns } = await services.listTasks({ cluster, serviceName: service, desiredStatus: "STOPPED" });
  const tasks = taskArns === undefined || taskArns.length === 0 ? [] : ((await services.describeTasks({ cluster, tasks: taskArns.slice(0, 100) })).tasks ?? []);
  const ends = tasks.filter((task) => task.taskDefinitionArn === inputs.taskDefinition).slice(0, shownTasks).map((task) => {
    const codes = (task.containers ?? []).filter(({ exitCode }) => exitCode !== undefined).map(({ name, exitCode }) => `${name} ended with ${exitCode}`);
    return `task ${task.taskArn?.split("/").at(-1)}: ${[task.stoppedReason, ...codes].filter((part) => part !== undefined && part !== "").join("; ")}`;
  });
  return [...ends, ...events.slice(0, shownEvents).map(({ message }) => message ?? "")];
}

/** `family:revision` of an ARN. */
function short(taskDefinition: string): string {
  return taskDefinition.split("/").at(-1) ?? taskDefinition;
}
