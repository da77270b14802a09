import assert from "node:assert/strict";
import { readSnapshot } from "../../cli/pulumi/snapshot";
import { configure, containers, deployMs, eventually, health, stack, succeed } from "./support";

const outputs = (): Readonly<Record<string, unknown>> => readSnapshot(stack)?.outputs ?? {};

describe("SomaStackClusterMode", function () {
  this.timeout(deployMs);

  before(async () => {
    configure({ softwareMode: "SomaStackClusterMode" });
    await succeed("up");
  });

  it("has every service healthy", async () => {
    const { status, services } = await eventually(health, (answer) => answer.status === 200, 120);
    assert.equal(status, 200);
    for (const name of ["kafka", "milvus", "etcd", "minio", "brain", "memory", "jaeger", "temporal", "prometheus", "keycloak", "spicedb", "opa", "gateway", "admin"]) {
      assert.equal(services[name]?.status, "healthy", name);
    }
  });

  it("exports its topology, the same at the next up", async () => {
    const { topology } = outputs();
    const text = JSON.stringify(topology);
    for (const layer of ["control", "cognitive", "memory", "infrastructure"]) assert.match(text, new RegExp(`"${layer}"`));
    await succeed("up");
    assert.equal(JSON.stringify(outputs()["topology"]), text);
  });

  it("stays inside the budget of 15 GB", () => {
    const services = outputs()["services"] as Record<string, { memoryMib: number }>;
    assert.ok(Object.values(services).reduce((sum, { memoryMib }) => sum + memoryMib, 0) <= 15 * 1024);
  });
});

describe("SaaS mode", function () {
  this.timeout(deployMs);

  before(async () => {
    configure({ softwareMode: "SomaStackClusterMode", saasMode: true });
    await succeed("up");
  });

  it("runs without services for brain and memory", async () => {
    const names = [...(await containers()).keys()];
    assert.deepEqual(names.filter((name) => ["brain", "brain-outbox", "memory", "memory-replicator"].includes(name)), []);
    assert.equal((await eventually(health, ({ status }) => status === 200, 120)).status, 200);
  });
});
