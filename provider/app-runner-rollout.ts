import type { DescribeServiceCommandInput, DescribeServiceCommandOutput, ListOperationsCommandInput, ListOperationsCommandOutput, OperationSummary, Service } from "@aws-sdk/client-apprunner";
import { z } from "zod";

import { appRunnerClient, logsClient } from "./aws-clients";
import { lastLines, type LogReader } from "./ecs-log";
import { deadline, poll, usualPatience, type Patience } from "./ecs-poll";
import { differing, handler } from "./handler";

/** What is waited for; the same shape as the inputs of the resource. */
export const appRunnerRolloutInputs = z.object({
  region: z.string(),
  /** ARN. */
  service: z.string(),
  /** Names the service in errors. */
  serviceName: z.string(),
  /** The image that must be running. */
  image: z.string(),
  /** Changes when the service's settings do: every deployment is looked at, also one that keeps the image. */
  settings: z.string(),
  /** Longest wait for one deployment, in seconds. */
  timeoutSeconds: z.number(),
});

/** Inputs of a rollout. */
export type AppRunnerRolloutInputs = z.infer<typeof appRunnerRolloutInputs>;

/** What tells about services; the SDK's client is one. */
export interface AppRunnerWatcher {
  describeService(input: DescribeServiceCommandInput): Promise<Pick<DescribeServiceCommandOutput, "Service">>;
  listOperations(input: ListOperationsCommandInput): Promise<Pick<ListOperationsCommandOutput, "OperationSummaryList">>;
}

/** How a rollout reaches AWS. */
export interface AppRunnerTools {
  readonly services: AppRunnerWatcher;
  readonly logs: LogReader;
  readonly patience: Patience;
}

/** What the service's newest operation means for a wanted image. */
export type AppRunnerVerdict =
  | { readonly state: "running" }
  | { readonly state: "done" }
  | { readonly state: "failed"; readonly reason: string };

const goingOn = ["PENDING", "IN_PROGRESS", "ROLLBACK_IN_PROGRESS"];

/** Operations that put a version into place. */
const deploying = ["CREATE_SERVICE", "UPDATE_SERVICE", "START_DEPLOYMENT"];

/** The end of a service's deployment; it fails when App Runner rolled it back, or runs another image than the wanted one. */
export const appRunnerRollout = handler({
  schema: appRunnerRolloutInputs,
  replaces: (before, after) => differing(["service"], before, after),
  create: async (inputs) => ({ id: inputs.service.split(":").at(-1) ?? inputs.service, outs: await rolledOut(inputs) }),
  update: { changes: (before, after) => differing(["image", "settings"], before, after).length > 0, run: (inputs) => rolledOut(inputs) },
});

async function rolledOut(inputs: AppRunnerRolloutInputs): Promise<Record<string, unknown>> {
  await waitForAppRunner(inputs, { services: await appRunnerClient(inputs.region), logs: await logsClient(inputs.region), patience: usualPatience });
  return { ...inputs };
}

/**
 * Waits until no operation is going on and the wanted image runs. The plugin that made the service sees what App Runner went back to, and
 * asks for the wanted version again at the next update.
 *
 * @throws Error that names the service, the wanted and the running image, what became of the operation, and App Runner's last events
 */
export async function waitForAppRunner(inputs: AppRunnerRolloutInputs, tools: AppRunnerTools): Promise<void> {
  let seen: Service | undefined;
  const verdict = await poll(async () => {
    seen = (await tools.services.describeService({ ServiceArn: inputs.service })).Service;
    const operations = (await tools.services.listOperations({ ServiceArn: inputs.service })).OperationSummaryList ?? [];
    const found = judgeAppRunner(inputs.image, seen, operations);
    return found.state === "running" ? undefined : found;
  }, deadline(inputs.timeoutSeconds), tools.patience);
  if (verdict?.state === "done") return;
  const told = verdict?.state === "failed" ? verdict.reason : `is not there after ${inputs.timeoutSeconds} s`;
  const head = `service ${inputs.serviceName}: the deployment of ${short(inputs.image)} ${told}, running is ${short(imageOf(seen) ?? "none")}; the next update asks for it again.`;
  if (seen?.ServiceName === undefined || seen.ServiceId === undefined) throw new Error(head);
  throw new Error(`${head} The last events of App Runner:\n${await lastLines(tools.logs, `/aws/apprunner/${seen.ServiceName}/${seen.ServiceId}/service`, "events", tools.patience.first * 2)}`);
}

/** Judges a service. After a rollback App Runner calls it running and in good health: only its operations and its image tell. */
export function judgeAppRunner(wanted: string, service: Service | undefined, operations: readonly OperationSummary[]): AppRunnerVerdict {
  if (service === undefined || service.Status === "DELETED") return { state: "failed", reason: "found no service" };
  if (service.Status === "OPERATION_IN_PROGRESS") return { state: "running" };
  const newest = [...operations].filter(({ Type }) => Type !== undefined && deploying.includes(Type)).sort((a, b) => (b.StartedAt?.getTime() ?? 0) - (a.StartedAt?.getTime() ?? 0))[0];
  if (newest?.Status !== undefined && goingOn.includes(newest.Status)) return { state: "running" };
  if (newest?.Status !== undefined && newest.Status !== "SUCCEEDED") return { state: "failed", reason: outcomes[newest.Status] ?? `ended as ${newest.Status}` };
  if (service.Status !== "RUNNING") return { state: "failed", reason: `left the service ${service.Status ?? "without a status"}` };
  return imageOf(service) === wanted ? { state: "done" } : { state: "failed", reason: "was given up" };
}

const outcomes: Readonly<Record<string, string>> = {
  FAILED: "failed",
  ROLLBACK_SUCCEEDED: "failed and was rolled back",
  ROLLBACK_FAILED: "failed, and so did its rollback",
};

function imageOf(service: Service | undefined): string | undefined {
  return service?.SourceConfiguration?.ImageRepository?.ImageIdentifier;
}

/** `REPOSITORY@sha256:12 digits` of a reference. */
function short(image: string): string {
  return image.replace(/^[^/]+\/(.+@sha256:[0-9a-f]{12})[0-9a-f]*$/, "$1");
}
