import assert from "node:assert/strict";
import { decideRecovery, type Recovery } from "../../cli/pulumi/recovery";
import { knownIds, parseSnapshot, serviceContainerIds, type Snapshot } from "../../cli/pulumi/snapshot";
import { isRunAlive } from "../../cli/pulumi/run-trace";
import type { LiveContainer, LiveNetwork } from "../../cli/docker/stack";
import { container } from "./cli-support";

const stackUrn = "urn:pulumi:dev::somastack::pulumi:pulumi:Stack::somastack-dev";

function state(ids: string[], changes: { pending?: unknown[]; mustRun?: boolean } = {}): Snapshot {
  const resources = [
    { urn: stackUrn, type: "pulumi:pulumi:Stack", outputs: { healthUrl: "http://127.0.0.1:8010/health" } },
    ...ids.map((id) => ({ urn: `urn:${id}`, type: "docker:index/container:Container", id, ...(changes.mustRun === false ? { inputs: { mustRun: false } } : {}) })),
  ];
  return parseSnapshot(JSON.stringify({ version: 3, checkpoint: { latest: { resources, pending_operations: changes.pending ?? [] } } }), "dev.json");
}

const operation = (type: string, name: string): unknown => ({ type, resource: { urn: "urn:x", type: "docker:index/container:Container", inputs: { name } } });

const network = (changes: Partial<LiveNetwork> = {}): LiveNetwork => ({ id: "n1", name: "somastack-dev", created: 1000, compose: false, ...changes });
const quiet = { holders: [], staleLocks: 0 };
const killed = { ...quiet, interrupted: { startedAt: 1000 } };

const decide = (snapshot: Snapshot | undefined, traces: Parameters<typeof decideRecovery>[2], containers: LiveContainer[], networks: LiveNetwork[] = []): Recovery =>
  decideRecovery("dev", snapshot, traces, containers, networks);

describe("recovery", () => {
  it("has nothing to do when the state is true", () => {
    assert.deepEqual(decide(state(["c1"]), quiet, [container()]), { removeContainers: [], removeNetworks: [], clearPending: false, foreign: [] });
  });

  it("removes containers and networks that a killed run made and the state does not know", () => {
    const orphan = container({ id: "c2", created: 1001 });
    const { removeContainers, removeNetworks, foreign } = decide(state(["c1"]), killed, [container(), orphan], [network({ created: 1002 })]);
    assert.deepEqual([removeContainers, removeNetworks.map(({ id }) => id), foreign], [[orphan], ["n1"], []]);
  });

  it("keeps what is older than the killed run, and reports it", () => {
    const older = container({ id: "c2", created: 999 });
    const { removeContainers, foreign } = decide(state(["c1"]), killed, [container(), older]);
    assert.deepEqual([removeContainers, foreign], [[], [older]]);
  });

  it("removes nothing without a killed run", () => {
    const unknown = container({ id: "c2", created: 5000 });
    const { removeContainers, removeNetworks, foreign } = decide(state(["c1"]), quiet, [container(), unknown], [network({ id: "n9" })]);
    assert.deepEqual([removeContainers, removeNetworks, foreign], [[], [], [unknown]]);
  });

  it("never touches what docker compose or another stack made", () => {
    const others = [container({ id: "c2", compose: true, created: 2000 }), container({ id: "c3", stack: "prod", created: 2000 })];
    const { removeContainers, removeNetworks, foreign } = decide(state([]), killed, others, [network({ compose: true, created: 2000 })]);
    assert.deepEqual([removeContainers, removeNetworks, foreign], [[], [], []]);
  });

  it("removes what a pending operation was creating, even without a note of the run", () => {
    const orphan = container({ id: "c2", name: "somastack-dev-opa" });
    const snapshot = state(["c1"], { pending: [operation("creating", "somastack-dev-opa")] });
    const { removeContainers, clearPending } = decide(snapshot, quiet, [container(), orphan, container({ id: "c3", name: "other" })]);
    assert.deepEqual([removeContainers, clearPending], [[orphan], true]);
  });

  it("keeps what a pending operation was deleting", () => {
    const { removeContainers } = decide(state([], { pending: [operation("deleting", "somastack-dev-redis")] }), quiet, [container()]);
    assert.deepEqual(removeContainers, []);
  });

  it("lets stopped containers of jobs be", () => {
    assert.deepEqual(decide(state([]), quiet, [container({ running: false })]).foreign, []);
  });

  it("refreshes when a container of the state is gone or stopped, and names it", () => {
    assert.match(decide(state(["c1", "c2"]), quiet, [container(), container({ id: "c2", running: false, service: "opa" })]).refresh ?? "", /not running any more: opa/);
    assert.match(decide(state(["c1", "c2abcdef0123456789"]), quiet, [container()]).refresh ?? "", /c2abcdef0123$/);
  });

  it("does not wait for a job's container to run", () => {
    assert.equal(decide(state(["c1"], { mustRun: false }), quiet, []).refresh, undefined);
  });

  it("works without a state", () => {
    const orphan = container({ created: 1000 });
    assert.deepEqual(decide(undefined, killed, [orphan]).removeContainers, [orphan]);
    assert.deepEqual(decide(undefined, quiet, [orphan]).foreign, [orphan]);
  });
});

describe("snapshots", () => {
  it("give outputs, ids and pending operations", () => {
    const snapshot = state(["c1", "c2"], { pending: [operation("deleting", "x")] });
    assert.deepEqual([[...knownIds(snapshot)], serviceContainerIds(snapshot), snapshot.pending, snapshot.outputs["healthUrl"]], [["c1", "c2"], ["c1", "c2"], 1, "http://127.0.0.1:8010/health"]);
  });

  it("know the containers that jobs keep", () => {
    const resources = [{ urn: "u", type: "pulumi-nodejs:dynamic:Resource", id: "job", outputs: { containerId: "c7" } }];
    assert.deepEqual([...knownIds(parseSnapshot(JSON.stringify({ checkpoint: { latest: { resources } } }), "x"))], ["job", "c7"]);
  });

  it("are empty for a stack that was never deployed", () => {
    assert.deepEqual(parseSnapshot('{"version":3,"checkpoint":{"latest":null}}', "x"), { resources: [], pending: 0, pendingNames: [], outputs: {} });
  });

  for (const text of ["", "{", "[]", '{"checkpoint":{"latest":{"resources":[{"urn":1}]}}}']) {
    it(`refuse ${JSON.stringify(text)} with a way out`, () => assert.throws(() => parseSnapshot(text, "/x/dev.json"), /\/x\/dev\.json is no stack state\. Restore/));
  }
});

describe("traces of runs", () => {
  it("do not take a reused process number for a run", () => {
    assert.equal(isRunAlive(2 ** 22 + 1), false);
    assert.equal(isRunAlive(1), false);
  });
});
