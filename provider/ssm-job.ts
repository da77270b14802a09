import type {
  AssociationExecution, AssociationExecutionTarget, DescribeAssociationCommandInput, DescribeAssociationCommandOutput, DescribeAssociationExecutionsCommandInput,
  DescribeAssociationExecutionsCommandOutput, DescribeAssociationExecutionTargetsCommandInput, DescribeAssociationExecutionTargetsCommandOutput,
  GetCommandInvocationCommandInput, GetCommandInvocationCommandOutput, StartAssociationsOnceCommandInput,
} from "@aws-sdk/client-ssm";
import { z } from "zod";

import { logsClient, ssmClient } from "./aws-clients";
import { lastLines, type LogReader } from "./ecs-log";
import { deadline, poll, usualPatience, type Patience } from "./ecs-poll";
import { differing, handler } from "./handler";

/** What SSM needs to know of a job; the same shape as the inputs of the resource. */
export const ssmJobInputs = z.object({
  /** Names the job in errors. */
  jobName: z.string(),
  region: z.string(),
  /** Id of the association that runs it. */
  association: z.string(),
  /** Key of its document: another one is another release. */
  key: z.string(),
  logGroup: z.string(),
  logStream: z.string(),
  /** Longest run with its preparation, in seconds. */
  timeoutSeconds: z.number(),
});

/** Inputs of a job that an association runs. */
export type SsmJobInputs = z.infer<typeof ssmJobInputs>;

/** What runs associations; the SDK's client is one. */
export interface AssociationRunner {
  describeAssociation(input: DescribeAssociationCommandInput): Promise<Pick<DescribeAssociationCommandOutput, "AssociationDescription">>;
  describeAssociationExecutions(input: DescribeAssociationExecutionsCommandInput): Promise<Pick<DescribeAssociationExecutionsCommandOutput, "AssociationExecutions">>;
  describeAssociationExecutionTargets(input: DescribeAssociationExecutionTargetsCommandInput): Promise<Pick<DescribeAssociationExecutionTargetsCommandOutput, "AssociationExecutionTargets">>;
  startAssociationsOnce(input: StartAssociationsOnceCommandInput): Promise<unknown>;
  getCommandInvocation(input: GetCommandInvocationCommandInput): Promise<Pick<GetCommandInvocationCommandOutput, "ResponseCode" | "StandardOutputContent" | "StandardErrorContent">>;
}

/** How a job reaches AWS. */
export interface SsmJobTools {
  readonly associations: AssociationRunner;
  readonly logs: LogReader;
  readonly patience: Patience;
}

/** Longest time until a run begins, in seconds: SSM asks the instance's agent, which may have registered just now. */
const startSeconds = 900;

/** Lines of the instance's script that an error shows. */
const shownLines = 5;

/** Exit code of the instance's script for a job that did not end in time: that of `timeout`. */
const timedOut = 124;

const goingOn = ["Pending", "InProgress"];

/** One run, and the instances that it reached. */
interface Run {
  readonly execution: AssociationExecution;
  readonly targets: readonly AssociationExecutionTarget[];
}

/** A job that an association runs to its end. It runs again for another document, and only then. */
export const ssmJob = handler({
  schema: ssmJobInputs,
  replaces: (before, after) => differing(["association", "key"], before, after),
  create: async (job) => {
    const { executionId } = await runSsmJob(job, { associations: await ssmClient(job.region), logs: await logsClient(job.region), patience: usualPatience });
    return { id: `${job.association}/${executionId}`, outs: { ...job, executionId, exitCode: 0 } };
  },
});

/**
 * Waits for the run of an association's present version. A run that had failed before this call belongs to an earlier update, and the job
 * is asked for once more; one that succeeded counts.
 *
 * @throws Error with exit code and last log lines when the run fails, does not begin or does not end in time
 */
export async function runSsmJob(job: SsmJobInputs, tools: SsmJobTools): Promise<{ readonly executionId: string }> {
  const version = await presentVersion(job, tools);
  const over = new Set<string>();
  const atFirst = await latestRun(job, tools, version, over);
  if (atFirst !== undefined && hasFailed(atFirst)) {
    over.add(idOf(atFirst));
    await tools.associations.startAssociationsOnce({ AssociationIds: [job.association] });
  }
  const [notBegun, notEnded] = [deadline(startSeconds), deadline(startSeconds + job.timeoutSeconds)];
  let began = false;
  const ended = await poll(async () => {
    const run = await latestRun(job, tools, version, over);
    began ||= run !== undefined && run.targets.length > 0;
    return run !== undefined && (hasSucceeded(run) || hasFailed(run)) ? run : undefined;
  }, () => (began ? notEnded() : notBegun()), tools.patience);
  if (ended === undefined) throw new Error(await complaint(job, tools, began ? `did not end within ${job.timeoutSeconds} s` : `was not begun within ${startSeconds} s: no instance took it`));
  if (hasSucceeded(ended)) return { executionId: idOf(ended) };
  throw new Error(await failure(job, tools, ended));
}

/** The version of the association, which must be about the wanted document. */
async function presentVersion(job: SsmJobInputs, { associations }: SsmJobTools): Promise<string> {
  const found = (await associations.describeAssociation({ AssociationId: job.association })).AssociationDescription;
  const key = found?.Parameters?.["Key"]?.[0];
  if (found?.AssociationVersion === undefined || key !== job.key) throw new Error(`job ${job.jobName}: the association ${job.association} is about ${key ?? "no document"} instead of ${job.key}`);
  return found.AssociationVersion;
}

/** The newest run of a version that is not over for us. */
async function latestRun({ association }: SsmJobInputs, { associations }: SsmJobTools, version: string, over: ReadonlySet<string>): Promise<Run | undefined> {
  const all = (await associations.describeAssociationExecutions({ AssociationId: association })).AssociationExecutions ?? [];
  const execution = all
    .filter((candidate) => candidate.AssociationVersion === version && candidate.ExecutionId !== undefined && !over.has(candidate.ExecutionId))
    .sort((a, b) => (b.CreatedTime?.getTime() ?? 0) - (a.CreatedTime?.getTime() ?? 0))[0];
  if (execution === undefined) return undefined;
  const { AssociationExecutionTargets } = await associations.describeAssociationExecutionTargets({ AssociationId: association, ExecutionId: execution.ExecutionId });
  return { execution, targets: AssociationExecutionTargets ?? [] };
}

/** A run that reached no instance has done nothing, whatever its status: SSM runs it again when the instance registers. */
function hasSucceeded({ execution, targets }: Run): boolean {
  return execution.Status === "Success" && targets.length > 0 && targets.every(({ Status }) => Status === "Success");
}

function hasFailed({ execution, targets }: Run): boolean {
  return execution.Status !== undefined && !goingOn.includes(execution.Status) && targets.some(({ Status }) => Status !== "Success" && !goingOn.includes(Status ?? "Pending"));
}

function idOf({ execution }: Run): string {
  return execution.ExecutionId ?? "";
}

async function failure(job: SsmJobInputs, tools: SsmJobTools, run: Run): Promise<string> {
  const target = run.targets.find(({ Status }) => Status !== "Success");
  const { code, said } = await invocation(tools, target);
  const what = code === timedOut ? "did not end in time" : code === undefined ? `failed: ${target?.DetailedStatus ?? target?.Status ?? "no reason given"}` : `failed with exit code ${code}`;
  return [await complaint(job, tools, `${what} on ${target?.ResourceId ?? "its instance"}`), ...(said.length === 0 ? [] : ["The instance said:", ...said.map((line) => `  | ${line}`)])].join("\n");
}

/** What the instance answered; a question that fails hides nothing. */
async function invocation({ associations }: SsmJobTools, target: AssociationExecutionTarget | undefined): Promise<{ readonly code?: number; readonly said: string[] }> {
  const command = target?.OutputSource?.OutputSourceId;
  if (target?.ResourceId === undefined || command === undefined) return { said: [] };
  try {
    const { ResponseCode, StandardOutputContent, StandardErrorContent } = await associations.getCommandInvocation({ CommandId: command, InstanceId: target.ResourceId });
    const lines = [StandardOutputContent, StandardErrorContent].flatMap((text) => (text ?? "").trimEnd().split("\n")).filter((line) => line !== "");
    return { ...(ResponseCode === undefined || ResponseCode < 0 ? {} : { code: ResponseCode }), said: lines.slice(-shownLines) };
  } catch (error) {
    return { said: [`(SSM tells no more: ${error instanceof Error ? error.message : String(error)})`] };
  }
}

async function complaint(job: SsmJobInputs, { logs, patience }: SsmJobTools, what: string): Promise<string> {
  return `job ${job.jobName} ${what}; it runs again at the next update. Its last log lines:\n${await lastLines(logs, job.logGroup, job.logStream, patience.first * 2)}`;
}
