import type { Deployment, Service, ServiceDeployment } from "@aws-sdk/client-ecs";

/** What ECS says of a service at one moment. */
export interface Sight {
  readonly service: Service;
  /** The newest entry of the service's history; ECS keeps it for 90 days. */
  readonly latest?: ServiceDeployment;
  /** Task definition that the newest entry is about. */
  readonly latestTarget?: string;
}

/** What that means for a wanted task definition. */
export type Verdict =
  | { readonly state: "running" }
  | { readonly state: "done" }
  /** The deployment of the wanted one is over and did not succeed; `id` tells it from another try. */
  | { readonly state: "failed"; readonly id: string; readonly running: string; readonly reason: string }
  /** The service is asked to run another one, and no deployment of the wanted one is known. */
  | { readonly state: "other"; readonly running: string };

const goingOn = ["PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"];
const notDone = ["STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"];

/**
 * Judges a service. ECS reports a rolled-back deployment as a service in good health, with the old tasks running: only the
 * comparison with the wanted task definition shows it.
 *
 * @param over ids of deployments that had ended before the wanted one was asked for again: they say nothing about it
 */
export function judge(wanted: string, { service, latest, latestTarget }: Sight, over: ReadonlySet<string> = new Set()): Verdict {
  const primary = (service.deployments ?? []).find(({ status }) => status === "PRIMARY");
  const running = primary?.taskDefinition ?? service.taskDefinition ?? "none";
  if (latest?.status !== undefined && goingOn.includes(latest.status)) return { state: "running" };
  if (latest?.status !== undefined && latestTarget === wanted && !over.has(idOf(latest))) {
    // Until the next deployment the service's own view is the newer one.
    if (latest.status === "SUCCESSFUL" && running === wanted) return { state: "done" };
    if (notDone.includes(latest.status)) return { state: "failed", id: idOf(latest), running, reason: reasonOf(latest) };
  }
  return judgeDeployments(wanted, service.deployments ?? [], primary, running, over);
}

/** A service without a history that counts: what its deployments say. */
function judgeDeployments(wanted: string, deployments: readonly Deployment[], primary: Deployment | undefined, running: string, over: ReadonlySet<string>): Verdict {
  const failed = deployments.find(({ taskDefinition, rolloutState, id }) => taskDefinition === wanted && rolloutState === "FAILED" && !over.has(id ?? ""));
  if (primary?.taskDefinition === wanted && primary !== failed) {
    const complete = primary.rolloutState === "COMPLETED" && (primary.runningCount ?? 0) >= (primary.desiredCount ?? 0);
    return { state: complete ? "done" : "running" };
  }
  if (failed !== undefined) {
    // The rollback is a deployment of its own: its end is waited for, so that the next update finds the service at rest.
    if (primary !== failed && primary?.rolloutState === "IN_PROGRESS") return { state: "running" };
    return { state: "failed", id: failed.id ?? "", running: primary === failed ? "none in good health" : running, reason: failed.rolloutStateReason ?? "ECS gave no reason" };
  }
  return { state: "other", running };
}

/** Whether the deployment that is going on ends without the wanted one: it is being stopped or rolled back already. */
export function isEndingBadly(wanted: string, { service, latest }: Sight): boolean {
  if (latest?.status !== undefined && goingOn.includes(latest.status)) return latest.status !== "PENDING" && latest.status !== "IN_PROGRESS";
  const deployments = service.deployments ?? [];
  return deployments.some(({ taskDefinition, rolloutState }) => taskDefinition === wanted && rolloutState === "FAILED")
    && deployments.some(({ status, taskDefinition, rolloutState }) => status === "PRIMARY" && taskDefinition !== wanted && rolloutState === "IN_PROGRESS");
}

/** The ids of every deployment of a sight, for `over`. */
export function deploymentIds({ service, latest }: Sight): Set<string> {
  return new Set([...(service.deployments ?? []).map(({ id }) => id ?? ""), ...(latest === undefined ? [] : [idOf(latest)])]);
}

function idOf(deployment: ServiceDeployment): string {
  return deployment.serviceDeploymentArn ?? "";
}

function reasonOf({ status, statusReason, rollback, deploymentCircuitBreaker: breaker, alarms }: ServiceDeployment): string {
  const parts = [
    status === "STOPPED" ? "the deployment was stopped" : "the deployment was rolled back",
    statusReason,
    rollback?.reason,
    breaker?.status === "TRIGGERED" ? `the circuit breaker counted ${breaker.failureCount ?? 0} failures` : undefined,
    (alarms?.triggeredAlarmNames ?? []).length > 0 ? `alarms: ${alarms?.triggeredAlarmNames?.join(", ")}` : undefined,
  ];
  return [...new Set(parts.filter((part) => part !== undefined && part !== ""))].join("; ");
}
