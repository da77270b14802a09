import type {
  Activity, DescribeAutoScalingGroupsCommandOutput, DescribeAutoScalingGroupsCommandInput, DescribeInstanceRefreshesCommandInput, DescribeInstanceRefreshesCommandOutput,
  DescribeScalingActivitiesCommandInput, DescribeScalingActivitiesCommandOutput, InstanceRefresh, RollbackInstanceRefreshCommandInput, StartInstanceRefreshCommandInput,
  StartInstanceRefreshCommandOutput, TerminateInstanceInAutoScalingGroupCommandInput, UpdateAutoScalingGroupCommandInput,
} from "@aws-sdk/client-auto-scaling";
import { z } from "zod";

import { autoScalingClient, logsClient } from "./aws-clients";
import { lastLines, type LogReader } from "./ecs-log";
import { deadline, poll, usualPatience, type Patience } from "./ecs-poll";
import { differing, handler } from "./handler";
import { isConfigured, isDone, isOf, isUnderWay, running, serves, type GroupSight } from "./refresh-verdict";

/** What is waited for; the same shape as the inputs of the resource. */
export const refreshInputs = z.object({
  region: z.string(),
  /** Name of the Auto Scaling group. */
  group: z.string(),
  /** Id of the launch template. */
  launchTemplate: z.string(),
  /** Its version that must be running. */
  version: z.string(),
  /** Changes when settings of the group change whose effect is waited for. */
  settings: z.string(),
  minHealthyPercent: z.number(),
  maxHealthyPercent: z.number(),
  /** Where the instances write the log of their start, a stream each. */
  logGroup: z.string(),
  /** Longest wait, in seconds. */
  timeoutSeconds: z.number(),
});

/** Inputs of a refresh. */
export type RefreshInputs = z.infer<typeof refreshInputs>;

/** What keeps groups of instances; the SDK's client is one. */
export interface GroupKeeper {
  describeAutoScalingGroups(input: DescribeAutoScalingGroupsCommandInput): Promise<Pick<DescribeAutoScalingGroupsCommandOutput, "AutoScalingGroups">>;
  describeInstanceRefreshes(input: DescribeInstanceRefreshesCommandInput): Promise<Pick<DescribeInstanceRefreshesCommandOutput, "InstanceRefreshes">>;
  describeScalingActivities(input: DescribeScalingActivitiesCommandInput): Promise<Pick<DescribeScalingActivitiesCommandOutput, "Activities">>;
  startInstanceRefresh(input: StartInstanceRefreshCommandInput): Promise<Pick<StartInstanceRefreshCommandOutput, "InstanceRefreshId">>;
  rollbackInstanceRefresh(input: RollbackInstanceRefreshCommandInput): Promise<unknown>;
  updateAutoScalingGroup(input: UpdateAutoScalingGroupCommandInput): Promise<unknown>;
  terminateInstanceInAutoScalingGroup(input: TerminateInstanceInAutoScalingGroupCommandInput): Promise<unknown>;
}

/** How a refresh reaches AWS. */
export interface RefreshTools {
  readonly groups: GroupKeeper;
  readonly logs: LogReader;
  readonly patience: Patience;
}

/** Starts that may fail before the wait is given up: one may be AWS's lack of room, three are the release. */
const failedStarts = 3;
/** Activities that an error shows. */
const shownActivities = 3;
/** Longest way back, in seconds. */
const rollbackSeconds = 3600;

/** The end of a group's rolling refresh; it fails when another version than the wanted one serves then. */
export const refreshGroup = handler({
  schema: refreshInputs,
  replaces: (before, after) => differing(["group"], before, after),
  create: async (inputs) => ({ id: inputs.group, outs: await refreshed(inputs) }),
  update: { changes: (before, after) => differing(["launchTemplate", "version", "settings"], before, after).length > 0, run: (inputs) => refreshed(inputs) },
});

async function refreshed(inputs: RefreshInputs): Promise<Record<string, unknown>> {
  await waitForRefresh(inputs, { groups: await autoScalingClient(inputs.region), logs: await logsClient(inputs.region), patience: usualPatience });
  return { ...inputs };
}

/**
 * Brings a group to the wanted version, a few instances at a time, and waits until all of them serve. Where none serves there is nothing
 * to roll: the group is told the version and starts anew.
 *
 * @throws Error that names the group, the versions, the reason and the last lines of an instance; a group that served before is back at
 * its old version then
 */
export async function waitForRefresh(inputs: RefreshInputs, tools: RefreshTools): Promise<void> {
  const since = Date.now();
  const expired = deadline(inputs.timeoutSeconds);
  // A killed update leaves its refresh: its end is waited for, whatever it is.
  const atFirst = await poll(async () => {
    const sight = await look(inputs, tools);
    return isUnderWay(sight.latest) ? undefined : sight;
  }, expired, tools.patience);
  if (atFirst === undefined) throw new Error(`group ${inputs.group}: another refresh is not over after ${inputs.timeoutSeconds} s`);
  if (isDone(atFirst, inputs)) return;
  if (!isConfigured(atFirst, inputs)) {
    if ((atFirst.group.Instances ?? []).some(serves)) await roll(inputs, tools, since, expired);
    else await startAnew(inputs, tools, atFirst);
  }
  await untilDone(inputs, tools, since, expired);
}

async function look({ group: name }: RefreshInputs, { groups }: RefreshTools): Promise<GroupSight> {
  const group = (await groups.describeAutoScalingGroups({ AutoScalingGroupNames: [name] })).AutoScalingGroups?.[0];
  if (group === undefined) throw new Error(`group ${name}: there is no Auto Scaling group of this name`);
  const latest = (await groups.describeInstanceRefreshes({ AutoScalingGroupName: name, MaxRecords: 1 })).InstanceRefreshes?.[0];
  return { group, ...(latest === undefined ? {} : { latest }) };
}

/** Replaces instance after instance; goes back when Auto Scaling or we give up. */
async function roll(inputs: RefreshInputs, tools: RefreshTools, since: number, expired: () => boolean): Promise<void> {
  const { group, launchTemplate, version, minHealthyPercent, maxHealthyPercent } = inputs;
  const { InstanceRefreshId } = await tools.groups.startInstanceRefresh({
    AutoScalingGroupName: group,
    Strategy: "Rolling",
    DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: launchTemplate, Version: version } },
    Preferences: { MinHealthyPercentage: minHealthyPercent, MaxHealthyPercentage: maxHealthyPercent, AutoRollback: true, SkipMatching: true, ScaleInProtectedInstances: "Refresh", StandbyInstances: "Terminate" },
  });
  const id = InstanceRefreshId ?? "";
  let reason: string | undefined;
  const over = await poll(async () => {
    const refresh = await refreshOf(group, id, tools);
    if (refresh === undefined || isUnderWay(refresh)) {
      reason = await whyGiveUp(inputs, tools, since);
      return reason === undefined ? undefined : refresh ?? {};
    }
    return refresh;
  }, expired, tools.patience);
  if (over?.Status === "Successful") return;
  if (over === undefined || reason !== undefined) await goBack(group, id, tools);
  const told = reason ?? (over === undefined ? `it was not over after ${inputs.timeoutSeconds} s` : [over.Status, over.StatusReason].filter((part) => part !== undefined).join(": "));
  throw new Error(await complaint(inputs, tools, since, told));
}

async function refreshOf(group: string, id: string, { groups }: RefreshTools): Promise<InstanceRefresh | undefined> {
  return (await groups.describeInstanceRefreshes({ AutoScalingGroupName: group, InstanceRefreshIds: [id] })).InstanceRefreshes?.[0];
}

/** Takes a refresh back and waits until the old version serves again. One that cannot be taken back has ended meanwhile. */
async function goBack(group: string, id: string, tools: RefreshTools): Promise<void> {
  try {
    await tools.groups.rollbackInstanceRefresh({ AutoScalingGroupName: group });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ActiveInstanceRefreshNotFoundFault") throw error;
  }
  await poll(async () => {
    const refresh = await refreshOf(group, id, tools);
    return isUnderWay(refresh) ? undefined : true;
  }, deadline(rollbackSeconds), tools.patience);
}

/** Nothing serves: the group gets the version, and instances of others go. */
async function startAnew(inputs: RefreshInputs, { groups }: RefreshTools, { group }: GroupSight): Promise<void> {
  await groups.updateAutoScalingGroup({ AutoScalingGroupName: inputs.group, LaunchTemplate: { LaunchTemplateId: inputs.launchTemplate, Version: inputs.version } });
  for (const instance of group.Instances ?? []) {
    if (isOf(instance, inputs) || instance.LifecycleState?.startsWith("Terminat") === true) continue;
    await groups.terminateInstanceInAutoScalingGroup({ InstanceId: instance.InstanceId, ShouldDecrementDesiredCapacity: false });
  }
}

async function untilDone(inputs: RefreshInputs, tools: RefreshTools, since: number, expired: () => boolean): Promise<void> {
  let reason: string | undefined;
  const ended = await poll(async () => {
    if (isDone(await look(inputs, tools), inputs)) return "done";
    reason = await whyGiveUp(inputs, tools, since);
    return reason === undefined ? undefined : "failed";
  }, expired, tools.patience);
  if (ended !== "done") throw new Error(await complaint(inputs, tools, since, reason ?? `its instances do not serve after ${inputs.timeoutSeconds} s`));
}

/** A reason not to wait any longer; a group tries for ever. */
async function whyGiveUp(inputs: RefreshInputs, tools: RefreshTools, since: number): Promise<string | undefined> {
  const failed = (await activities(inputs, tools, since)).filter(({ StatusCode, Description }) => (StatusCode === "Failed" || StatusCode === "Cancelled") && Description?.startsWith("Launching") === true);
  return failed.length >= failedStarts ? `${failed.length} instances have failed to start` : undefined;
}

async function activities({ group }: RefreshInputs, { groups }: RefreshTools, since: number): Promise<Activity[]> {
  const found = (await groups.describeScalingActivities({ AutoScalingGroupName: group, MaxRecords: 20 })).Activities ?? [];
  return found.filter(({ StartTime }) => (StartTime?.getTime() ?? 0) >= since);
}

async function complaint(inputs: RefreshInputs, tools: RefreshTools, since: number, reason: string): Promise<string> {
  const head = `group ${inputs.group}: version ${inputs.version} of its instances was given up, ${running(await look(inputs, tools))}: ${reason}`;
  return [head, ...(await evidence(inputs, tools, since))].join("\n");
}

/** What Auto Scaling noted, and the last lines of the newest instance that failed; a question that fails hides nothing. */
async function evidence(inputs: RefreshInputs, tools: RefreshTools, since: number): Promise<string[]> {
  try {
    const noted = (await activities(inputs, tools, since)).filter(({ StatusCode }) => StatusCode !== "Successful");
    const instance = noted.map(({ Description }) => /i-[0-9a-f]+/.exec(Description ?? "")?.[0]).find((id) => id !== undefined) ?? "";
    const lines = noted.slice(0, shownActivities).map(({ Description, StatusCode, StatusMessage }) => `  | ${[Description, StatusCode, StatusMessage].filter((part) => part !== undefined && part !== "").join("; ")}`);
    return instance === "" ? lines : [...lines, `Last lines of ${instance}:`, await lastLines(tools.logs, inputs.logGroup, instance, tools.patience.first * 2)];
  } catch (error) {
    return [`  | (Auto Scaling tells no more: ${error instanceof Error ? error.message : String(error)})`];
  }
}
