import assert from "node:assert/strict";

import type { Deployment, Service, ServiceDeployment, Task } from "@aws-sdk/client-ecs";

import { ecsJob, runEcsJob, type EcsJobInputs, type TaskRunner } from "../../provider/ecs-job";
import { lastLines } from "../../provider/ecs-log";
import { ecsRollout, waitForRollout, type ServiceWatcher } from "../../provider/ecs-rollout";
import { judge } from "../../provider/ecs-verdict";
import { SomaStackProvider } from "../../provider/provider";

const patience = { first: 1, longest: 2 };
const arn = (revision: number): string => `arn:aws:ecs:us-east-1:1:task-definition/web:${revision}`;

describe("ECS job", () => {
  const inputs: EcsJobInputs = {
    jobName: "migrate", region: "us-east-1", cluster: "c", taskDefinition: arn(3), container: "migrate", capacityProvider: "FARGATE", packed: false,
    subnets: ["s"], securityGroups: ["g"], logGroup: "/g", logStreamPrefix: "migrate", timeoutSeconds: 5,
  };
  const logs = { getLogEvents: () => Promise.resolve({ events: [{ message: "last words\n" }] }) };

  function runner(ends: Partial<Task>, more: Partial<TaskRunner> = {}): TaskRunner {
    return {
      listTasks: () => Promise.resolve({ taskArns: [] }),
      runTask: () => Promise.resolve({ tasks: [{ taskArn: "arn:task/c/77" }] }),
      describeTasks: () => Promise.resolve({ tasks: [{ lastStatus: "STOPPED", ...ends }] }),
      stopTask: () => Promise.resolve({}),
      ...more,
    };
  }
  const run = (tasks: TaskRunner): Promise<unknown> => runEcsJob(inputs, { tasks, logs, patience });

  it("tells why a task never started, with the end of the helper that failed before it", async () => {
    const containers = [{ name: "migrate" }, { name: "files", exitCode: 1, reason: "none" }];
    await assert.rejects(run(runner({ containers, stoppedReason: "Container dependency failed" })), /job migrate did not start; container files ended with 1; Container dependency failed \(task 77\)[^]*last words/);
    await assert.rejects(run(runner({ containers: [{ name: "migrate", reason: "CannotPullContainerError: x" }], stoppedReason: "Task failed to start" })), /did not start; CannotPullContainerError: x; Task failed to start \(task 77\); it runs again at the next update\.$/);
  });

  it("tells the reason of a container that was killed", async () => {
    await assert.rejects(run(runner({ containers: [{ name: "migrate", exitCode: 137, reason: "OutOfMemoryError" }] })), /failed with exit code 137; OutOfMemoryError/);
  });

  it("waits for room and gives up at once for any other reason", async () => {
    let asked = 0;
    const room = runner({ containers: [{ name: "migrate", exitCode: 0 }] }, {
      runTask: () => Promise.resolve((asked += 1) < 3 ? { failures: [{ reason: "RESOURCE:MEMORY" }] } : { tasks: [{ taskArn: "arn:task/c/78" }] }),
    });
    assert.deepEqual(await run(room), { taskArn: "arn:task/c/78" });
    assert.equal(asked, 3);
    await assert.rejects(run(runner({}, { runTask: () => Promise.resolve({ failures: [{ reason: "INACTIVE", detail: "cluster" }] }) })), /job migrate was not started: INACTIVE cluster/);
  });

  it("packs by memory on instances of ours and never opens a shell", async () => {
    const seen: unknown[] = [];
    const tasks = runner({ containers: [{ name: "migrate", exitCode: 0 }] }, { runTask: (request) => { seen.push(request); return Promise.resolve({ tasks: [{ taskArn: "t" }] }); } });
    await runEcsJob({ ...inputs, packed: true }, { tasks, logs, patience });
    assert.deepEqual((seen[0] as { placementStrategy: unknown }).placementStrategy, [{ type: "binpack", field: "MEMORY" }]);
    assert.equal((seen[0] as { enableExecuteCommand: boolean }).enableExecuteCommand, false);
  });

  it("runs again for another task definition only", () => {
    const before = { ...inputs };
    assert.deepEqual(ecsJob.replaces(before, { ...before, taskDefinition: arn(4) }), ["taskDefinition"]);
    assert.deepEqual(ecsJob.replaces(before, { ...before, timeoutSeconds: 9, subnets: ["t"] }), []);
    assert.equal(ecsJob.changes(before, { ...before, timeoutSeconds: 9 }), false);
  });

  it("says when a log has no lines or cannot be read", async () => {
    assert.equal(await lastLines({ getLogEvents: () => Promise.resolve({ events: [] }) }, "/g", "s", 1), "  | (no lines in /g, stream s)");
    assert.match(await lastLines({ getLogEvents: () => Promise.reject(new Error("no")) }, "/g", "s", 1), /\(Error in \/g, stream s\)/);
  });
});

describe("judgement of a service", () => {
  const deployment = (revision: number, status: string, rolloutState: string, more: Partial<Deployment> = {}): Deployment =>
    ({ id: `d${revision}`, taskDefinition: arn(revision), status, rolloutState: rolloutState as "COMPLETED", desiredCount: 1, runningCount: 1, ...more });
  const service = (...deployments: Deployment[]): Service => ({ serviceName: "web", deployments });
  const latest = (status: string, more: Partial<ServiceDeployment> = {}): ServiceDeployment => ({ serviceDeploymentArn: "sd", status: status as "SUCCESSFUL", ...more });

  it("is done when the wanted one runs completely", () => {
    assert.equal(judge(arn(2), { service: service(deployment(2, "PRIMARY", "COMPLETED")) }).state, "done");
    assert.equal(judge(arn(2), { service: service(deployment(2, "PRIMARY", "COMPLETED", { runningCount: 0 })) }).state, "running");
    assert.equal(judge(arn(2), { service: service(deployment(2, "PRIMARY", "IN_PROGRESS")), latest: latest("IN_PROGRESS"), latestTarget: arn(2) }).state, "running");
    assert.equal(judge(arn(2), { service: service(deployment(2, "PRIMARY", "COMPLETED")), latest: latest("SUCCESSFUL"), latestTarget: arn(2) }).state, "done");
  });

  it("waits while the history is older than the deployment", () => {
    assert.equal(judge(arn(2), { service: service(deployment(2, "PRIMARY", "IN_PROGRESS"), deployment(1, "ACTIVE", "COMPLETED")), latest: latest("SUCCESSFUL"), latestTarget: arn(1) }).state, "running");
  });

  it("sees a rollback that the service's own state hides", () => {
    const sight = {
      service: service(deployment(1, "PRIMARY", "COMPLETED")),
      latest: latest("ROLLBACK_SUCCESSFUL", { statusReason: "Service deployment rolled back.", deploymentCircuitBreaker: { status: "TRIGGERED" as const, failureCount: 3 }, alarms: { triggeredAlarmNames: ["web-memory"] } }),
      latestTarget: arn(2),
    };
    const verdict = judge(arn(2), sight);
    assert.deepEqual(verdict, {
      state: "failed", id: "sd", running: arn(1),
      reason: "the deployment was rolled back; Service deployment rolled back.; the circuit breaker counted 3 failures; alarms: web-memory",
    });
    assert.equal(judge(arn(2), sight, new Set(["sd"])).state, "other");
  });

  it("waits for the end of a rollback, and knows one from the deployments alone", () => {
    const failed = deployment(2, "ACTIVE", "FAILED", { rolloutStateReason: "circuit breaker" });
    assert.equal(judge(arn(2), { service: service(failed, deployment(1, "PRIMARY", "IN_PROGRESS")) }).state, "running");
    assert.deepEqual(judge(arn(2), { service: service(failed, deployment(1, "PRIMARY", "COMPLETED")) }), { state: "failed", id: "d2", running: arn(1), reason: "circuit breaker" });
    assert.deepEqual(judge(arn(2), { service: service(deployment(2, "PRIMARY", "FAILED")) }), { state: "failed", id: "d2", running: "none in good health", reason: "ECS gave no reason" });
  });

  it("sees that another one was deployed", () => {
    assert.deepEqual(judge(arn(2), { service: service(deployment(3, "PRIMARY", "IN_PROGRESS")) }), { state: "other", running: arn(3) });
  });
});

describe("ECS rollout", () => {
  const inputs = { region: "us-east-1", cluster: "arn:aws:ecs:us-east-1:1:cluster/c", service: "web", taskDefinition: arn(2), settings: "", timeoutSeconds: 5 };
  const done: Deployment = { id: "d9", taskDefinition: arn(2), status: "PRIMARY", rolloutState: "COMPLETED", desiredCount: 1, runningCount: 1 };

  /** A service with native blue/green deployments whose history is told step by step. */
  function watcher(steps: { readonly running: number; readonly status: string; readonly target: number; readonly entry: string }[], more: Partial<ServiceWatcher> = {}): ServiceWatcher & { readonly updates: unknown[] } {
    const updates: unknown[] = [];
    let at = -1;
    const step = (): (typeof steps)[number] => steps[Math.min(at, steps.length - 1)] as (typeof steps)[number];
    return {
      updates,
      describeServices: () => {
        at += 1;
        const { running, status } = step();
        return Promise.resolve({ services: [{ status: "ACTIVE", deployments: [{ ...done, taskDefinition: arn(running), rolloutState: status === "IN_PROGRESS" ? "IN_PROGRESS" : "COMPLETED" }], events: [{ message: "(service web) rolled back" }] }] });
      },
      listServiceDeployments: () => Promise.resolve({ serviceDeployments: [{ serviceDeploymentArn: "old", createdAt: new Date(1) }, { serviceDeploymentArn: step().entry, createdAt: new Date(2) }] }),
      describeServiceDeployments: ({ serviceDeploymentArns }) => Promise.resolve({ serviceDeployments: [{ serviceDeploymentArn: serviceDeploymentArns?.[0], status: step().status as "SUCCESSFUL", statusReason: "bake alarm", targetServiceRevision: { arn: "rev" } }] }),
      describeServiceRevisions: () => Promise.resolve({ serviceRevisions: [{ taskDefinition: arn(step().target) }] }),
      updateService: (request) => { updates.push(request); return Promise.resolve({}); },
      listTasks: () => Promise.resolve({ taskArns: [] }),
      describeTasks: () => Promise.resolve({ tasks: [] }),
      ...more,
    };
  }
  const wait = (services: ServiceWatcher, more: Partial<typeof inputs> = {}): Promise<void> => waitForRollout({ ...inputs, ...more }, { services, patience });

  it("follows a blue/green deployment to its end", async () => {
    const services = watcher([{ running: 2, status: "PENDING", target: 2, entry: "a" }, { running: 2, status: "IN_PROGRESS", target: 2, entry: "a" }, { running: 2, status: "SUCCESSFUL", target: 2, entry: "a" }]);
    await wait(services);
    assert.deepEqual(services.updates, []);
  });

  it("fails for one that was rolled back, with ECS's reason", async () => {
    const services = watcher([{ running: 2, status: "IN_PROGRESS", target: 2, entry: "a" }, { running: 1, status: "ROLLBACK_IN_PROGRESS", target: 2, entry: "a" }, { running: 1, status: "ROLLBACK_SUCCESSFUL", target: 2, entry: "a" }]);
    await assert.rejects(wait(services), /service web: the deployment of web:2 failed, running is web:1: the deployment was rolled back; bake alarm\n {2}\| \(service web\) rolled back$/);
    assert.deepEqual(services.updates, []);
  });

  it("asks once more after a rollback of an earlier update", async () => {
    const services = watcher([{ running: 1, status: "ROLLBACK_SUCCESSFUL", target: 2, entry: "a" }, { running: 2, status: "IN_PROGRESS", target: 2, entry: "b" }, { running: 2, status: "SUCCESSFUL", target: 2, entry: "b" }]);
    await wait(services);
    assert.deepEqual(services.updates, [{ cluster: inputs.cluster, service: "web", taskDefinition: arn(2), forceNewDeployment: true }]);
  });

  it("waits for the end of an earlier update's rollback before it asks", async () => {
    const services = watcher([{ running: 1, status: "ROLLBACK_IN_PROGRESS", target: 2, entry: "a" }, { running: 1, status: "ROLLBACK_SUCCESSFUL", target: 2, entry: "a" }, { running: 2, status: "SUCCESSFUL", target: 2, entry: "b" }]);
    await wait(services);
    assert.equal(services.updates.length, 1);
  });

  it("fails when someone else deploys meanwhile, when it takes too long, and when there is no service", async () => {
    await assert.rejects(wait(watcher([{ running: 2, status: "IN_PROGRESS", target: 2, entry: "a" }, { running: 3, status: "SUCCESSFUL", target: 3, entry: "b" }])), /web:2 was given up, running is web:3: it was rolled back, or someone else deployed/);
    await assert.rejects(wait(watcher([{ running: 2, status: "IN_PROGRESS", target: 2, entry: "a" }]), { timeoutSeconds: 0 }), /is not there after 0 s/);
    await assert.rejects(wait(watcher([], { describeServices: () => Promise.resolve({ services: [] }) })), /the cluster .*c has no service of this name/);
  });

  it("keeps its error when the evidence cannot be read", async () => {
    const services = watcher([{ running: 2, status: "IN_PROGRESS", target: 2, entry: "a" }, { running: 1, status: "STOPPED", target: 2, entry: "a" }], { listTasks: () => Promise.reject(new Error("denied")) });
    await assert.rejects(wait(services), /web:2 failed, running is web:1: the deployment was stopped; bake alarm\n {2}\| \(ECS tells no more: denied\)/);
  });

  it("waits again for another task definition or other settings, and is another one for another service", async () => {
    assert.equal(ecsRollout.changes(inputs, { ...inputs, taskDefinition: arn(3) }), true);
    assert.equal(ecsRollout.changes(inputs, { ...inputs, settings: "x" }), true);
    assert.equal(ecsRollout.changes(inputs, { ...inputs, timeoutSeconds: 1 }), false);
    assert.deepEqual(ecsRollout.replaces(inputs, { ...inputs, service: "x" }), ["service"]);
    const urn = "urn:pulumi:dev::somastack::a$somastack:ecs:Rollout::web";
    const provider = new SomaStackProvider();
    assert.deepEqual(await provider.diff("id", urn, inputs, { ...inputs, settings: "x" }), { changes: true, replaces: [] });
    assert.deepEqual((await provider.check(urn, {}, { region: 1 })).failures?.map(({ property }) => property), ["region", "cluster", "service", "taskDefinition", "settings", "timeoutSeconds"]);
  });
});
