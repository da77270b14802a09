import type {
  DescribeTasksCommandInput, DescribeTasksCommandOutput, ListTasksCommandInput, ListTasksCommandOutput,
  RunTaskCommandInput, RunTaskCommandOutput, StopTaskCommandInput, Task,
} from "@aws-sdk/client-ecs";
import { z } from "zod";

import { ecsClient, logsClient } from "./aws-clients";
import { lastLines, type LogReader } from "./ecs-log";
import { deadline, poll, usualPatience, type Patience } from "./ecs-poll";
import { differing, handler } from "./handler";

/** What ECS needs to know of a job; the same shape as the inputs of the resource. */
export const ecsJobInputs = z.object({
  /** Names the job in errors. */
  jobName: z.string(),
  region: z.string(),
  /** ARN or name. */
  cluster: z.string(),
  /** ARN with its revision. */
  taskDefinition: z.string(),
  /** The container whose exit code counts. */
  container: z.string(),
  capacityProvider: z.string(),
  /** Tasks are packed by memory onto instances of ours; Fargate has no places to choose from. */
  packed: z.boolean(),
  subnets: z.array(z.string()),
  securityGroups: z.array(z.string()),
  logGroup: z.string(),
  logStreamPrefix: z.string(),
  /** Longest run, in seconds from the start of its process. */
  timeoutSeconds: z.number(),
});

/** Inputs of a job on ECS. */
export type EcsJobInputs = z.infer<typeof ecsJobInputs>;

/** What runs tasks; the SDK's client is one. */
export interface TaskRunner {
  runTask(input: RunTaskCommandInput): Promise<Pick<RunTaskCommandOutput, "tasks" | "failures">>;
  describeTasks(input: DescribeTasksCommandInput): Promise<Pick<DescribeTasksCommandOutput, "tasks">>;
  listTasks(input: ListTasksCommandInput): Promise<Pick<ListTasksCommandOutput, "taskArns">>;
  stopTask(input: StopTaskCommandInput): Promise<unknown>;
}

/** How a job reaches AWS. */
export interface JobTools {
  readonly tasks: TaskRunner;
  readonly logs: LogReader;
  readonly patience: Patience;
}

/** Longest time until a task's process starts, in seconds: an instance may have to start and the image to be pulled first. */
const startSeconds = 900;

/** Longest time until a stopped task has ended, in seconds: ECS kills it after 30. */
const stopSeconds = 120;

/** Reasons for which ECS places no task now and may place one soon (ECS developer guide, "API failures messages"). */
const lackOfRoom = /^(RESOURCE:|AGENT$|EMPTY CAPACITY PROVIDER|Capacity is unavailable)/;


/** A task that runs to its end. It runs again for another task definition, and only then. */
export const ecsJob = handler({
  schema: ecsJobInputs,
  replaces: (before, after) => differing(["cluster", "taskDefinition"], before, after),
  create: async (job) => {
    const { taskArn } = await runEcsJob(job, { tasks: await ecsClient(job.region), logs: await logsClient(job.region), patience: usualPatience });
    return { id: taskArn, outs: { ...job, taskArn, exitCode: 0 } };
  },
});

/**
 * Runs a task and waits for its end.
 *
 * @throws Error with exit code, reason and last log lines when its container ends with another code than 0, cannot start, or does
 * not end in time; the task is stopped then
 */
export async function runEcsJob(job: EcsJobInputs, tools: JobTools): Promise<{ readonly taskArn: string }> {
  await stopLeftovers(job, tools);
  const taskArn = await start(job, tools);
  const ended = await untilStopped(job, tools, taskArn);
  if (ended === undefined) {
    await stop(job, tools, taskArn, `longer than ${job.timeoutSeconds} s`);
    throw new Error(await complaint(job, tools, taskArn, `did not end within ${job.timeoutSeconds} s`, [job.container]));
  }
  const { exitCode, reason } = (ended.containers ?? []).find((container) => container.name === job.container) ?? {};
  if (exitCode === 0) return { taskArn };
  const others = (ended.containers ?? []).filter(({ name, exitCode: code }) => name !== job.container && code !== undefined && code !== 0);
  const told = [exitCode === undefined ? "did not start" : `failed with exit code ${exitCode}`, ...others.map(({ name, exitCode: code }) => `container ${name} ended with ${code}`), reason, ended.stoppedReason];
  const shown = exitCode === undefined ? others.flatMap(({ name }) => name ?? []) : [job.container];
  throw new Error(await complaint(job, tools, taskArn, told.filter((part) => part !== undefined && part !== "").join("; "), shown));
}

/** A killed update leaves its task: two runs of one migration must never meet. */
async function stopLeftovers(job: EcsJobInputs, tools: JobTools): Promise<void> {
  const family = /task-definition\/(.+):\d+$/.exec(job.taskDefinition)?.[1];
  if (family === undefined) throw new Error(`job ${job.jobName}: ${job.taskDefinition} is no ARN of a task definition's revision`);
  const { taskArns } = await tools.tasks.listTasks({ cluster: job.cluster, family, desiredStatus: "RUNNING" });
  for (const taskArn of taskArns ?? []) await stop(job, tools, taskArn, "left by an update that was killed");
}

async function stop(job: EcsJobInputs, tools: JobTools, taskArn: string, reason: string): Promise<void> {
  await tools.tasks.stopTask({ cluster: job.cluster, task: taskArn, reason });
  await poll(async () => stopped(await describe(job, tools, taskArn)), deadline(stopSeconds), tools.patience);
}

async function start(job: EcsJobInputs, tools: JobTools): Promise<string> {
  let reason = "";
  const taskArn = await poll(async () => {
    const { tasks, failures } = await tools.tasks.runTask(request(job));
    const arn = tasks?.[0]?.taskArn;
    if (arn !== undefined) return arn;
    reason = (failures ?? []).map((failure) => [failure.reason, failure.detail].filter((part) => part !== undefined).join(" ")).join(", ");
    if (!lackOfRoom.test(reason)) throw new Error(`job ${job.jobName} was not started: ${reason === "" ? "ECS gave no reason" : reason}`);
    return undefined;
  }, deadline(startSeconds), tools.patience);
  if (taskArn === undefined) throw new Error(`job ${job.jobName} found no place within ${startSeconds} s: ${reason}; give the cluster more capacity`);
  return taskArn;
}

function request(job: EcsJobInputs): RunTaskCommandInput {
  return {
    cluster: job.cluster,
    taskDefinition: job.taskDefinition,
    count: 1,
    capacityProviderStrategy: [{ capacityProvider: job.capacityProvider, weight: 1 }],
    networkConfiguration: { awsvpcConfiguration: { subnets: job.subnets, securityGroups: job.securityGroups, assignPublicIp: "DISABLED" } },
    ...(job.packed ? { placementStrategy: [{ type: "binpack", field: "MEMORY" }] } : {}),
    enableECSManagedTags: true,
    enableExecuteCommand: false,
    propagateTags: "TASK_DEFINITION",
    startedBy: `somastack/${job.jobName}`,
  };
}

/** The task once it has stopped; undefined when its process did not start or end in time. */
async function untilStopped(job: EcsJobInputs, tools: JobTools, taskArn: string): Promise<Task | undefined> {
  const notStarted = deadline(startSeconds);
  let notEnded: (() => boolean) | undefined;
  return poll(async () => {
    const task = await describe(job, tools, taskArn);
    if (notEnded === undefined && (task?.startedAt !== undefined || task?.lastStatus === "RUNNING")) notEnded = deadline(job.timeoutSeconds);
    return stopped(task);
  }, () => (notEnded ?? notStarted)(), tools.patience);
}

/** ECS may not know a task for a moment after it has started it. */
async function describe(job: EcsJobInputs, tools: JobTools, taskArn: string): Promise<Task | undefined> {
  return (await tools.tasks.describeTasks({ cluster: job.cluster, tasks: [taskArn] })).tasks?.[0];
}

function stopped(task: Task | undefined): Task | undefined {
  return task?.lastStatus === "STOPPED" ? task : undefined;
}

async function complaint(job: EcsJobInputs, tools: JobTools, taskArn: string, what: string, containers: readonly string[]): Promise<string> {
  const id = taskArn.split("/").at(-1) ?? "";
  const logs: string[] = [];
  for (const name of containers) logs.push(await lastLines(tools.logs, job.logGroup, `${job.logStreamPrefix}/${name}/${id}`, tools.patience.first * 2));
  const head = `job ${job.jobName} ${what} (task ${id}); it runs again at the next update.`;
  return logs.length === 0 ? head : `${head} Its last log lines:\n${logs.join("\n")}`;
}
