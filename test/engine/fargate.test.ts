import assert from "node:assert/strict";

import { EcsEndpoint } from "../doubles/ecs-endpoint";
import { DoubledCloud } from "./doubled-cloud";

const config = { "somastack:deploymentTarget": "FARGATE", "somastack:softwareMode": "SomaStackClusterMode" };

describe("FARGATE under the real engine, with our doubles of the AWS plugins", function () {
  this.timeout(15 * 60_000);
  let cloud: DoubledCloud<EcsEndpoint>;

  before(async () => {
    cloud = await DoubledCloud.create(EcsEndpoint, config);
  });

  after(() => cloud.dispose());

  const names = (type: string): string[] => cloud.entries(type).map(({ name }) => name).sort();

  it("fails half-way without a lost resource, and the next update converges", async () => {
    await cloud.failAndConverge(150);
  });

  it("ran the migrations in order, before any application", () => {
    const order = cloud.endpoint.ran.filter((family) => family.includes("migrate-") && !family.includes("spicedb"));
    assert.deepEqual(order, ["somastack-engine-migrate-memory", "somastack-engine-migrate-brain", "somastack-engine-migrate-agent"]);
    assert.deepEqual(names("aws:ecs/service:Service").filter((name) => ["gateway", "admin", "brain", "memory"].includes(name)), ["admin", "brain", "gateway", "memory"]);
  });

  it("changes nothing the second time", async () => {
    await cloud.changesNothing();
  });

  it("keeps every generated password out of state and output", async () => {
    await cloud.keepsSecrets(15);
  });

  it("fails the update when ECS rolls a new version back, and names service and reason", async () => {
    const running = cloud.ledger.all().find(({ type, name }) => type === "aws:ecs/taskDefinition:TaskDefinition" && name === "gateway")?.outputs["arn"];
    cloud.endpoint.rolledBack.set("gateway", String(running).replace(/:\d+$/, ":0"));
    cloud.configure({ "somastack:voiceEnabled": "true" });
    const { code, output } = await cloud.up();
    assert.notEqual(code, 0);
    assert.match(output, /service gateway: the deployment of somastack-engine-gateway/);
    assert.match(output, /rolled back by the double/);
    cloud.endpoint.rolledBack.clear();
    const again = await cloud.up();
    assert.equal(again.code, 0, again.output);
  });

  it("fails the update on a failing migration with its exit code and last words, and leaves the services as they are", async () => {
    const before = cloud.entries("aws:ecs/service:Service").map(({ outputs }) => outputs["taskDefinition"]);
    cloud.endpoint.failing.set("somastack-engine-migrate-memory", 3);
    cloud.configure({ "somastack:allowedHosts": "other.example.com" });
    const { code, output } = await cloud.up();
    assert.notEqual(code, 0);
    assert.match(output, /job migrate-memory failed with exit code 3/);
    assert.match(output, /the job's last words/);
    assert.deepEqual(cloud.entries("aws:ecs/service:Service").map(({ outputs }) => outputs["taskDefinition"]), before);
    cloud.endpoint.failing.clear();
    const again = await cloud.up();
    assert.equal(again.code, 0, again.output);
  });

  it("refuses to destroy protected passwords, and else leaves nothing", async () => {
    assert.notEqual((await cloud.stack.run("destroy", "--yes", "--skip-preview")).code, 0);
    const { code, output } = await cloud.stack.run("destroy", "--yes", "--skip-preview", "--exclude-protected");
    assert.equal(code, 0, output);
    assert.deepEqual(cloud.ledger.all().filter(({ type }) => type.startsWith("aws:ecs/") || type.startsWith("aws:lb/")), []);
  });
});
