import assert from "node:assert/strict";

import type { OperationSummary, Service } from "@aws-sdk/client-apprunner";
import type { Deployment } from "@aws-sdk/client-ecs";

import { expressRollout, waitForExpress } from "../../provider/app-runner-express";
import { appRunnerRollout, judgeAppRunner, waitForAppRunner, type AppRunnerWatcher } from "../../provider/app-runner-rollout";
import type { ServiceWatcher } from "../../provider/ecs-rollout";
import { SomaStackProvider } from "../../provider/provider";

const patience = { first: 1, longest: 2 };
const image = (digit: number): string => `123456789012.dkr.ecr.us-east-1.amazonaws.com/somastack-dev/agent@sha256:${String(digit).repeat(64)}`;
const service = (digit: number, Status = "RUNNING"): Service => ({ ServiceName: "gateway-somastack-dev", ServiceId: "id1", Status, SourceConfiguration: { ImageRepository: { ImageIdentifier: image(digit), ImageRepositoryType: "ECR" } } }) as Service;
const operation = (Status: string, at = 1, Type = "UPDATE_SERVICE"): OperationSummary => ({ Id: `o${at}`, Type, Status, StartedAt: new Date(at) }) as OperationSummary;

describe("App Runner's verdict", () => {
  it("is good only for the wanted image after an operation that succeeded", () => {
    assert.deepEqual(judgeAppRunner(image(2), service(2), [operation("SUCCEEDED")]), { state: "done" });
    assert.deepEqual(judgeAppRunner(image(2), service(1), [operation("SUCCEEDED")]), { state: "failed", reason: "was given up" });
  });

  it("sees a rollback that the service's own state hides, whatever image runs", () => {
    assert.deepEqual(judgeAppRunner(image(2), service(1), [operation("ROLLBACK_SUCCEEDED")]), { state: "failed", reason: "failed and was rolled back" });
    assert.deepEqual(judgeAppRunner(image(2), service(2), [operation("ROLLBACK_SUCCEEDED")]), { state: "failed", reason: "failed and was rolled back" });
    assert.deepEqual(judgeAppRunner(image(2), service(2), [operation("ROLLBACK_FAILED")]).state, "failed");
    assert.deepEqual(judgeAppRunner(image(2), service(2), [operation("FAILED", 1, "CREATE_SERVICE")]), { state: "failed", reason: "failed" });
  });

  it("waits while anything is going on", () => {
    for (const status of ["PENDING", "IN_PROGRESS", "ROLLBACK_IN_PROGRESS"]) assert.equal(judgeAppRunner(image(2), service(2), [operation(status)]).state, "running", status);
    assert.equal(judgeAppRunner(image(2), service(2, "OPERATION_IN_PROGRESS"), [operation("SUCCEEDED")]).state, "running");
  });

  it("looks at the newest deployment, in whatever order they come, and at deployments alone", () => {
    assert.equal(judgeAppRunner(image(2), service(2), [operation("ROLLBACK_SUCCEEDED", 1), operation("SUCCEEDED", 2)]).state, "done");
    assert.equal(judgeAppRunner(image(2), service(2), [operation("SUCCEEDED", 1), operation("ROLLBACK_SUCCEEDED", 2)]).state, "failed");
    assert.equal(judgeAppRunner(image(2), service(2), [operation("SUCCEEDED", 1), operation("FAILED", 2, "PAUSE_SERVICE")]).state, "done");
  });

  it("is bad for a service that is gone, paused or was never made", () => {
    assert.deepEqual(judgeAppRunner(image(2), undefined, []), { state: "failed", reason: "found no service" });
    assert.equal(judgeAppRunner(image(2), service(2, "DELETED"), []).state, "failed");
    assert.deepEqual(judgeAppRunner(image(2), service(2, "PAUSED"), [operation("SUCCEEDED")]), { state: "failed", reason: "left the service PAUSED" });
    assert.equal(judgeAppRunner(image(2), service(2, "CREATE_FAILED"), []).state, "failed");
  });
});

describe("App Runner rollout", () => {
  const inputs = { region: "us-east-1", service: "arn:aws:apprunner:us-east-1:1:service/gateway/id1", serviceName: "gateway", image: image(2), settings: "s", timeoutSeconds: 5 };
  const logs = { getLogEvents: ({ logGroupName, logStreamName }: { logGroupName?: string | undefined; logStreamName: string | undefined }) => Promise.resolve({ events: [{ message: `Health check failed (${logGroupName} ${logStreamName})` }] }) };

  /** A service whose story is told step by step. */
  function watcher(steps: readonly (readonly [Service | undefined, OperationSummary[]])[]): AppRunnerWatcher & { readonly asked: () => number } {
    let at = -1;
    const step = () => steps[Math.min(at, steps.length - 1)] as (typeof steps)[number];
    return {
      asked: () => at + 1,
      describeService: () => {
        at += 1;
        const [found] = step();
        return Promise.resolve({ Service: found });
      },
      listOperations: () => Promise.resolve({ OperationSummaryList: step()[1] }),
    };
  }
  const wait = (services: AppRunnerWatcher, more: Partial<typeof inputs> = {}): Promise<void> => waitForAppRunner({ ...inputs, ...more }, { services, logs, patience });

  it("follows a deployment to its end", async () => {
    const services = watcher([[service(1, "OPERATION_IN_PROGRESS"), [operation("PENDING")]], [service(1, "OPERATION_IN_PROGRESS"), [operation("IN_PROGRESS")]], [service(2), [operation("SUCCEEDED")]]]);
    await wait(services);
    assert.equal(services.asked(), 3);
  });

  it("fails for one that was rolled back: service, wanted and running image, and App Runner's last events", async () => {
    const services = watcher([[service(1, "OPERATION_IN_PROGRESS"), [operation("ROLLBACK_IN_PROGRESS")]], [service(1), [operation("ROLLBACK_SUCCEEDED")]]]);
    await assert.rejects(wait(services), (error: Error) => {
      assert.match(error.message, /^service gateway: the deployment of somastack-dev\/agent@sha256:2{12} failed and was rolled back, running is somastack-dev\/agent@sha256:1{12}; the next update asks for it again\./);
      assert.match(error.message, /\n {2}\| Health check failed \(\/aws\/apprunner\/gateway-somastack-dev\/id1\/service events\)$/);
      return true;
    });
  });

  it("fails when it takes too long, and when there is no service", async () => {
    await assert.rejects(wait(watcher([[service(1, "OPERATION_IN_PROGRESS"), []]]), { timeoutSeconds: 0 }), /is not there after 0 s/);
    await assert.rejects(wait(watcher([[undefined, []]])), /found no service, running is none; the next update asks for it again\.$/);
  });

  it("looks again for another image or other settings, and is another one for another service", async () => {
    assert.equal(appRunnerRollout.changes(inputs, { ...inputs, image: image(3) }), true);
    assert.equal(appRunnerRollout.changes(inputs, { ...inputs, settings: "t" }), true);
    assert.equal(appRunnerRollout.changes(inputs, { ...inputs, timeoutSeconds: 1 }), false);
    assert.deepEqual(appRunnerRollout.replaces(inputs, { ...inputs, service: "x" }), ["service"]);
    const urn = "urn:pulumi:dev::somastack::a$somastack:apprunner:Rollout::gateway";
    assert.deepEqual(await new SomaStackProvider().diff("id", urn, inputs, { ...inputs, image: image(3) }), { changes: true, replaces: [] });
    assert.deepEqual((await new SomaStackProvider().check(urn, {}, { region: 1 })).failures?.map(({ property }) => property), ["region", "service", "serviceName", "image", "settings", "timeoutSeconds"]);
  });
});

describe("Express rollout", () => {
  const inputs = { region: "us-east-1", cluster: "arn:aws:ecs:us-east-1:1:cluster/c", service: "gateway", serviceName: "gateway", image: image(2), settings: "", timeoutSeconds: 5 };
  const definition = (digit: number): string => `arn:aws:ecs:us-east-1:1:task-definition/gateway:${digit}`;

  /** A service whose newest deployment is about the image `target`, with this end, while `running` runs. */
  function watcher(target: number, status: string, running: number): ServiceWatcher & { readonly updates: unknown[] } {
    const updates: unknown[] = [];
    const primary: Deployment = { id: "d", status: "PRIMARY", taskDefinition: definition(running), rolloutState: "COMPLETED", desiredCount: 1, runningCount: 1 };
    return {
      updates,
      describeServices: () => Promise.resolve({ services: [{ status: "ACTIVE", deployments: [primary], events: [{ message: "(service gateway) rolled back" }] }] }),
      listServiceDeployments: () => Promise.resolve({ serviceDeployments: [{ serviceDeploymentArn: "old", targetServiceRevisionArn: "rev1", createdAt: new Date(1) }, { serviceDeploymentArn: `sd${updates.length}`, targetServiceRevisionArn: `rev${target}`, createdAt: new Date(2) }] }),
      describeServiceDeployments: ({ serviceDeploymentArns }) => Promise.resolve({ serviceDeployments: [{ serviceDeploymentArn: serviceDeploymentArns?.[0], status: status as "SUCCESSFUL", targetServiceRevision: { arn: `rev${target}` } }] }),
      describeServiceRevisions: ({ serviceRevisionArns }) => {
        const digit = Number(serviceRevisionArns?.[0]?.slice(3));
        return Promise.resolve({ serviceRevisions: [{ taskDefinition: definition(digit), containerImages: [{ containerName: "Main", image: image(digit) }] }] });
      },
      updateService: (request) => { updates.push(request); return Promise.resolve({}); },
      listTasks: () => Promise.resolve({ taskArns: [] }),
      describeTasks: () => Promise.resolve({ tasks: [] }),
    };
  }
  const wait = (services: ServiceWatcher, seconds = 5): Promise<void> => waitForExpress(inputs, { services, patience }, seconds);

  it("finds the task definition that ECS wrote for the image", () => wait(watcher(2, "SUCCESSFUL", 2)));

  it("asks for a rolled-back one once more, and fails when it is rolled back again", async () => {
    const services = watcher(2, "ROLLBACK_SUCCESSFUL", 1);
    await assert.rejects(wait(services), /service gateway: the deployment of gateway:2 failed, running is gateway:1: the deployment was rolled back/);
    assert.deepEqual(services.updates, [{ cluster: inputs.cluster, service: "gateway", taskDefinition: definition(2), forceNewDeployment: true }]);
  });

  it("fails when ECS deployed another image", async () => {
    await assert.rejects(wait(watcher(3, "SUCCESSFUL", 3), 0), (error: Error) => error.message.startsWith(`service gateway: ECS knows no deployment of ${image(2)}, its newest one is of ${image(3)};`));
  });

  it("looks again for another image or other settings", () => {
    assert.equal(expressRollout.changes(inputs, { ...inputs, image: image(3) }), true);
    assert.equal(expressRollout.changes(inputs, { ...inputs, settings: "t" }), true);
    assert.equal(expressRollout.changes(inputs, { ...inputs, timeoutSeconds: 1 }), false);
    assert.deepEqual(expressRollout.replaces(inputs, { ...inputs, cluster: "x" }), ["cluster"]);
  });
});
