import assert from "node:assert/strict";

import type { AutoScalingGroup, Instance, InstanceRefresh } from "@aws-sdk/client-auto-scaling";
import type { AssociationExecution, AssociationExecutionTarget } from "@aws-sdk/client-ssm";

import { SomaStackProvider } from "../../provider/provider";
import { refreshGroup, waitForRefresh, type GroupKeeper, type RefreshInputs } from "../../provider/refresh-group";
import { runSsmJob, ssmJob, type AssociationRunner, type SsmJobInputs } from "../../provider/ssm-job";

const patience = { first: 1, longest: 2 };
const logs = { getLogEvents: () => Promise.resolve({ events: [{ message: "last words\n" }] }) };

describe("a job by SSM association", () => {
  const inputs: SsmJobInputs = { jobName: "migrate", region: "us-east-1", association: "a-1", key: "jobs/migrate/1.json", logGroup: "/g", logStream: "migrate/1", timeoutSeconds: 5 };
  const target = (Status: string, more: Partial<AssociationExecutionTarget> = {}): AssociationExecutionTarget => ({ ResourceId: "i-1", Status, OutputSource: { OutputSourceId: "c-1", OutputSourceType: "RunCommand" }, ...more });
  const execution = (ExecutionId: string, Status: string, at = 1, AssociationVersion = "2"): AssociationExecution => ({ ExecutionId, Status, AssociationVersion, CreatedTime: new Date(at) });

  /** Steps of the executions that SSM shows; the last one stays. */
  function runner(steps: readonly (readonly [AssociationExecution, readonly AssociationExecutionTarget[]])[][], more: Partial<AssociationRunner> = {}): AssociationRunner & { readonly started: unknown[] } {
    const started: unknown[] = [];
    let at = -1;
    const step = (): (typeof steps)[number] => steps[Math.min(at, steps.length - 1)] ?? [];
    return {
      started,
      describeAssociation: () => Promise.resolve({ AssociationDescription: { AssociationVersion: "2", Parameters: { Key: [inputs.key] } } }),
      describeAssociationExecutions: () => { at += 1; return Promise.resolve({ AssociationExecutions: step().map(([found]) => found) }); },
      describeAssociationExecutionTargets: ({ ExecutionId }) => Promise.resolve({ AssociationExecutionTargets: [...(step().find(([found]) => found.ExecutionId === ExecutionId)?.[1] ?? [])] }),
      startAssociationsOnce: (request) => { started.push(request); return Promise.resolve({}); },
      getCommandInvocation: () => Promise.resolve({ ResponseCode: 3, StandardErrorContent: "migrate ended with 3\n" }),
      ...more,
    };
  }
  const run = (associations: AssociationRunner, more: Partial<SsmJobInputs> = {}): Promise<{ executionId: string }> => runSsmJob({ ...inputs, ...more }, { associations, logs, patience });

  it("waits for the run that the association's present version begins by itself", async () => {
    const associations = runner([[[execution("old", "Failed", 1, "1"), [target("Failed")]]], [[execution("e1", "InProgress", 2), [target("InProgress")]]], [[execution("e1", "Success", 2), [target("Success")]]]]);
    assert.deepEqual(await run(associations), { executionId: "e1" });
    assert.deepEqual(associations.started, []);
  });

  it("believes no success that reached no instance", async () => {
    const associations = runner([[[execution("e1", "Success"), []]], [[execution("e2", "Success", 2), [target("Success")]], [execution("e1", "Success"), []]]]);
    assert.deepEqual(await run(associations), { executionId: "e2" });
  });

  it("fails with exit code, last log lines and what the instance said", async () => {
    const associations = runner([[], [[execution("e1", "Failed"), [target("Failed")]]]]);
    await assert.rejects(run(associations), /^Error: job migrate failed with exit code 3 on i-1; it runs again at the next update\. Its last log lines:\n {2}\| last words\nThe instance said:\n {2}\| migrate ended with 3$/);
    assert.deepEqual(associations.started, []);
  });

  it("runs again, once, what an earlier update left failed", async () => {
    const failed = [execution("e1", "Failed", 1), [target("Failed")]] as const;
    const well = runner([[failed], [failed], [[execution("e2", "InProgress", 2), [target("InProgress")]], failed], [[execution("e2", "Success", 2), [target("Success")]], failed]]);
    assert.deepEqual(await run(well), { executionId: "e2" });
    assert.deepEqual(well.started, [{ AssociationIds: ["a-1"] }]);
    const again = runner([[failed], [[execution("e2", "Failed", 2), [target("Failed")]], failed]]);
    await assert.rejects(run(again), /failed with exit code 3/);
    assert.equal(again.started.length, 1);
  });

  it("says that a job did not end in time, by the script's own limit and by ours", async () => {
    const late = runner([[], [[execution("e1", "Failed"), [target("Failed")]]]], { getCommandInvocation: () => Promise.resolve({ ResponseCode: 124 }) });
    await assert.rejects(run(late), /job migrate did not end in time on i-1/);
  });

  it("refuses an association that is about another release", async () => {
    const other = runner([], { describeAssociation: () => Promise.resolve({ AssociationDescription: { AssociationVersion: "2", Parameters: { Key: ["jobs/migrate/0.json"] } } }) });
    await assert.rejects(run(other), /the association a-1 is about jobs\/migrate\/0\.json instead of jobs\/migrate\/1\.json/);
  });

  it("keeps its error when the instance's answer cannot be read", async () => {
    const silent = runner([[], [[execution("e1", "Failed"), [target("Failed", { DetailedStatus: "DeliveryTimedOut" })]]]], { getCommandInvocation: () => Promise.reject(new Error("denied")) });
    await assert.rejects(run(silent), /job migrate failed: DeliveryTimedOut on i-1[^]*\(SSM tells no more: denied\)/);
  });

  it("runs again for another document only", () => {
    assert.deepEqual(ssmJob.replaces(inputs, { ...inputs, key: "jobs/migrate/2.json" }), ["key"]);
    assert.deepEqual(ssmJob.replaces(inputs, { ...inputs, timeoutSeconds: 9, logStream: "x" }), []);
    assert.equal(ssmJob.changes(inputs, { ...inputs, timeoutSeconds: 9 }), false);
  });
});

describe("a refresh of a group", () => {
  const inputs: RefreshInputs = { region: "us-east-1", group: "g", launchTemplate: "lt-1", version: "2", settings: "", minHealthyPercent: 100, maxHealthyPercent: 200, logGroup: "/g", timeoutSeconds: 5 };
  const template = (Version: string): { LaunchTemplateId: string; Version: string } => ({ LaunchTemplateId: "lt-1", Version });
  const instance = (InstanceId: string, version: string, LifecycleState = "InService", HealthStatus = "Healthy"): Instance =>
    ({ InstanceId, LaunchTemplate: template(version), LifecycleState: LifecycleState as "InService", HealthStatus, AvailabilityZone: "a", ProtectedFromScaleIn: false });
  const group = (version: string, instances: Instance[], DesiredCapacity = 1): AutoScalingGroup => ({ LaunchTemplate: template(version), Instances: instances, DesiredCapacity } as AutoScalingGroup);

  interface Step {
    readonly group: AutoScalingGroup;
    readonly refresh?: InstanceRefresh;
  }

  /** A group whose sights follow each other; the last one stays. Each look at a refresh is a step. */
  function keeper(steps: readonly Step[], more: Partial<GroupKeeper> = {}): GroupKeeper & { readonly asked: (readonly [string, unknown])[] } {
    const asked: (readonly [string, unknown])[] = [];
    let at = -1;
    const step = (): Step => steps[Math.min(at, steps.length - 1)] as Step;
    const note = (what: string) => (request: unknown): Promise<{ InstanceRefreshId: string }> => { asked.push([what, request]); return Promise.resolve({ InstanceRefreshId: "r-1" }); };
    return {
      asked,
      describeAutoScalingGroups: () => Promise.resolve({ AutoScalingGroups: [(steps[Math.min(at + 1, steps.length - 1)] as Step).group] }),
      describeInstanceRefreshes: () => {
        at += 1;
        const { refresh } = step();
        return Promise.resolve({ InstanceRefreshes: refresh === undefined ? [] : [refresh] });
      },
      describeScalingActivities: () => Promise.resolve({ Activities: [] }),
      startInstanceRefresh: note("start"),
      rollbackInstanceRefresh: note("rollback"),
      updateAutoScalingGroup: note("update"),
      terminateInstanceInAutoScalingGroup: note("terminate"),
      ...more,
    };
  }
  const wait = (groups: GroupKeeper, more: Partial<RefreshInputs> = {}): Promise<void> => waitForRefresh({ ...inputs, ...more }, { groups, logs, patience });
  const old = group("1", [instance("i-1", "1")]);
  const done = group("2", [instance("i-2", "2")]);
  const failing = { describeScalingActivities: () => Promise.resolve({ Activities: [1, 2, 3].map((n) => ({ ActivityId: String(n), AutoScalingGroupName: "g", Cause: "", Description: `Launching a new EC2 instance: i-00${n}`, StatusCode: "Cancelled" as const, StatusMessage: "abandoned by the hook", StartTime: new Date(Date.now() + 1000) })) }) };

  it("waits for the first instances without a refresh, and asks for nothing when all serve", async () => {
    const first = keeper([{ group: group("2", []) }, { group: group("2", [instance("i-2", "2", "Pending:Wait")]) }, { group: done }]);
    await wait(first);
    assert.deepEqual(first.asked, []);
    const again = keeper([{ group: done }]);
    await wait(again);
    assert.deepEqual(again.asked, []);
  });

  it("rolls with automatic rollback to an explicit version within the wanted shares", async () => {
    const groups = keeper([{ group: old }, { group: old, refresh: { InstanceRefreshId: "r-1", Status: "InProgress" } }, { group: done, refresh: { InstanceRefreshId: "r-1", Status: "Successful" } }]);
    await wait(groups);
    assert.deepEqual(groups.asked, [["start", {
      AutoScalingGroupName: "g", Strategy: "Rolling", DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "2" } },
      Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 200, AutoRollback: true, SkipMatching: true, ScaleInProtectedInstances: "Refresh", StandbyInstances: "Terminate" },
    }]]);
  });

  it("fails for a refresh that was rolled back, with group, versions and reason", async () => {
    const groups = keeper([{ group: old }, { group: old, refresh: { InstanceRefreshId: "r-1", Status: "RollbackInProgress" } }, { group: old, refresh: { InstanceRefreshId: "r-1", Status: "RollbackSuccessful", StatusReason: "unhealthy" } }]);
    await assert.rejects(wait(groups), /^Error: group g: version 2 of its instances was given up, version 1 serves: RollbackSuccessful: unhealthy$/);
    assert.ok(!groups.asked.some(([what]) => what === "rollback"));
  });

  it("takes a refresh back whose instances fail to start, and shows the last lines of one", async () => {
    const groups = keeper([{ group: old }, { group: old, refresh: { InstanceRefreshId: "r-1", Status: "InProgress" } }, { group: old, refresh: { InstanceRefreshId: "r-1", Status: "RollbackSuccessful" } }], failing);
    await assert.rejects(wait(groups), /version 1 serves: 3 instances have failed to start\n {2}\| Launching a new EC2 instance: i-001; Cancelled; abandoned by the hook\n[^]*Last lines of i-001:\n {2}\| last words$/);
    assert.deepEqual(groups.asked.map(([what]) => what), ["start", "rollback"]);
  });

  it("takes a refresh back that lasts too long", async () => {
    const endless = { group: old, refresh: { InstanceRefreshId: "r-1", Status: "InProgress" as const } };
    const groups = keeper([{ group: old }, endless, { group: old, refresh: { InstanceRefreshId: "r-1", Status: "RollbackSuccessful" } }]);
    await assert.rejects(wait(groups, { timeoutSeconds: 0 }), /it was not over after 0 s/);
    assert.deepEqual(groups.asked.map(([what]) => what), ["start", "rollback"]);
  });

  it("waits for the end of a refresh that a killed update left, and does not start a second one when it did the work", async () => {
    const groups = keeper([{ group: old, refresh: { InstanceRefreshId: "r-0", Status: "InProgress" } }, { group: done, refresh: { InstanceRefreshId: "r-0", Status: "Successful" } }]);
    await wait(groups);
    assert.deepEqual(groups.asked, []);
  });

  it("starts anew where nothing serves: there is nothing to roll back to", async () => {
    const broken = group("1", [instance("i-1", "1", "Pending:Wait"), instance("i-0", "1", "Terminating")]);
    const groups = keeper([{ group: broken }, { group: done }]);
    await wait(groups);
    assert.deepEqual(groups.asked, [
      ["update", { AutoScalingGroupName: "g", LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "2" } }],
      ["terminate", { InstanceId: "i-1", ShouldDecrementDesiredCapacity: false }],
    ]);
  });

  it("gives a first start up after three failures, and when there is no group", async () => {
    await assert.rejects(wait(keeper([{ group: group("2", []) }], failing)), /version 2 of its instances was given up, nothing serves: 3 instances have failed to start/);
    await assert.rejects(wait(keeper([], { describeAutoScalingGroups: () => Promise.resolve({ AutoScalingGroups: [] }) })), /group g: there is no Auto Scaling group of this name/);
  });

  it("keeps its error when Auto Scaling tells no more", async () => {
    let asked = 0;
    const groups = keeper([{ group: old }, { group: old, refresh: { InstanceRefreshId: "r-1", Status: "Failed" } }], {
      describeScalingActivities: () => ((asked += 1) > 0 ? Promise.reject(new Error("denied")) : Promise.resolve({ Activities: [] })),
    });
    await assert.rejects(wait(groups), /version 1 serves: Failed\n {2}\| \(Auto Scaling tells no more: denied\)$/);
    assert.equal(asked, 1);
  });

  it("runs for another version or other settings, and is another one for another group", async () => {
    assert.equal(refreshGroup.changes(inputs, { ...inputs, version: "3" }), true);
    assert.equal(refreshGroup.changes(inputs, { ...inputs, settings: "x" }), true);
    assert.equal(refreshGroup.changes(inputs, { ...inputs, timeoutSeconds: 1 }), false);
    assert.deepEqual(refreshGroup.replaces(inputs, { ...inputs, group: "h" }), ["group"]);
    const provider = new SomaStackProvider();
    const urn = "urn:pulumi:dev::somastack::a$somastack:ec2:Refresh::g";
    assert.deepEqual(await provider.diff("g", urn, inputs, { ...inputs, version: "3" }), { changes: true, replaces: [] });
    assert.deepEqual((await provider.check("urn:pulumi:dev::somastack::a$somastack:ec2:Job::j", {}, { region: 1 })).failures?.map(({ property }) => property), ["jobName", "region", "association", "key", "logGroup", "logStream", "timeoutSeconds"]);
  });
});
