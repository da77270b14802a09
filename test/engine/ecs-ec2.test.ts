import assert from "node:assert/strict";

import { EcsEndpoint } from "../doubles/ecs-endpoint";
import { DoubledCloud } from "./doubled-cloud";

const config = { "somastack:deploymentTarget": "ECS_EC2" };

describe("ECS_EC2 under the real engine, with our doubles of the AWS plugins", function () {
  this.timeout(15 * 60_000);
  let cloud: DoubledCloud<EcsEndpoint>;

  before(async () => {
    cloud = await DoubledCloud.create(EcsEndpoint, config);
  });

  after(() => cloud.dispose());

  it("runs jobs and services on instances of the stack, by its capacity provider", async () => {
    const { code, output } = await cloud.up();
    assert.equal(code, 0, output);
    const [provider] = cloud.entries("aws:ecs/capacityProvider:CapacityProvider");
    assert.equal(provider?.outputs["name"], "somastack-engine");
    assert.equal(cloud.entries("aws:autoscaling/group:Group").length, 1);
    for (const { name, outputs } of cloud.entries("aws:ecs/service:Service")) assert.deepEqual(outputs["capacityProviderStrategies"], [{ capacityProvider: "somastack-engine", weight: 1 }], name);
    assert.ok(cloud.endpoint.ran.includes("somastack-engine-migrate-agent"));
  });

  it("changes nothing the second time", async () => {
    await cloud.changesNothing();
  });

  it("changes no instance for a new task definition, and rolls only what has a new one", async () => {
    const before = cloud.entries("aws:ec2/launchTemplate:LaunchTemplate").map(({ outputs }) => outputs);
    const ran = cloud.endpoint.ran.length;
    cloud.configure({ "somastack:voiceEnabled": "true" });
    const { code, output } = await cloud.up();
    assert.equal(code, 0, output);
    assert.deepEqual(cloud.entries("aws:ec2/launchTemplate:LaunchTemplate").map(({ outputs }) => outputs), before);
    // The applications' environment is their migrations' too: no version rolls before its own chain has run.
    assert.ok(cloud.endpoint.ran.slice(ran).includes("somastack-engine-migrate-agent"));
    assert.ok(!cloud.endpoint.ran.slice(ran).includes("somastack-engine-realm"));
  });

  it("refuses to destroy protected passwords, and else leaves nothing", async () => {
    assert.notEqual((await cloud.stack.run("destroy", "--yes", "--skip-preview")).code, 0);
    const { code, output } = await cloud.stack.run("destroy", "--yes", "--skip-preview", "--exclude-protected");
    assert.equal(code, 0, output);
    assert.deepEqual(cloud.ledger.all().filter(({ type }) => /^aws:(ecs|autoscaling|lb)\//.test(type)), []);
  });
});
