import assert from "node:assert/strict";

import { EcsEndpoint } from "../doubles/ecs-endpoint";
import { DoubledCloud } from "./doubled-cloud";

const config = { "somastack:deploymentTarget": "EKS", "somastack:softwareMode": "SomaStackClusterMode" };

describe("EKS under the real engine, with our doubles of the AWS, EKS and Kubernetes plugins", function () {
  this.timeout(15 * 60_000);
  let cloud: DoubledCloud<EcsEndpoint>;

  before(async () => {
    cloud = await DoubledCloud.create(EcsEndpoint, config);
  });

  after(() => cloud.dispose());

  it("fails half-way without a lost resource, and the next update converges", async () => {
    await cloud.failAndConverge(200);
    const [cluster] = cloud.entries("aws:eks/cluster:Cluster");
    assert.equal(cluster?.outputs["name"], "somastack-engine");
    const names = cloud.entries("kubernetes:apps/v1:Deployment").map(({ name }) => name);
    for (const name of ["gateway", "admin", "brain", "memory"]) assert.ok(names.includes(name), name);
    assert.deepEqual(cloud.entries("aws:rds/instance:Instance").map(({ name }) => name), ["postgres"]);
  });

  it("changes nothing the second time", async () => {
    await cloud.changesNothing();
  });

  it("keeps every generated password out of state and output", async () => {
    await cloud.keepsSecrets(15);
  });

  it("rolls the workloads of a changed setting and nothing of AWS", async () => {
    const aws = () => cloud.ledger.all().filter(({ type }) => type.startsWith("aws:"));
    const before = aws();
    cloud.configure({ "somastack:voiceEnabled": "true" });
    const { code, output } = await cloud.up();
    assert.equal(code, 0, output);
    assert.deepEqual(aws(), before);
    assert.match(output, /kubernetes:apps\/v1:Deployment gateway updat/);
  });

  it("refuses to destroy protected passwords, and else leaves nothing", async () => {
    assert.notEqual((await cloud.stack.run("destroy", "--yes", "--skip-preview")).code, 0);
    const { code, output } = await cloud.stack.run("destroy", "--yes", "--skip-preview", "--exclude-protected");
    assert.equal(code, 0, output);
    assert.deepEqual(cloud.ledger.all().filter(({ type }) => /^(aws:eks|kubernetes:apps)/.test(type)), []);
  });
});
