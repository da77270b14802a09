import assert from "node:assert/strict";

import { imageOf } from "../doubles/app-runner-answers";
import { EcsEndpoint } from "../doubles/ecs-endpoint";
import { DoubledCloud } from "./doubled-cloud";

const config = { "somastack:deploymentTarget": "APP_RUNNER", "somastack:accept": "all" };

describe("APP_RUNNER under the real engine, with our doubles of the AWS plugins", function () {
  this.timeout(15 * 60_000);
  let cloud: DoubledCloud<EcsEndpoint>;

  before(async () => {
    cloud = await DoubledCloud.create(EcsEndpoint, config);
  });

  after(() => cloud.dispose());

  const services = () => cloud.entries("aws:apprunner/service:Service");

  it("fails half-way without a lost resource, and the next update converges", async () => {
    await cloud.failAndConverge(200);
    assert.deepEqual(services().map(({ name }) => name).sort(), ["admin", "gateway"]);
  });

  it("changes nothing the second time", async () => {
    await cloud.changesNothing();
  });

  it("keeps every generated password out of state and output", async () => {
    await cloud.keepsSecrets(10);
  });

  it("fails the update when App Runner rolls a new version back, says why, and converges with the next one", async () => {
    const gateway = services().find(({ name }) => name === "gateway");
    assert.ok(gateway);
    cloud.endpoint.appRunner.rolledBack.set("gateway", imageOf(gateway));
    cloud.configure({ "somastack:voiceEnabled": "true" });
    const { code, output } = await cloud.up();
    assert.notEqual(code, 0);
    assert.match(output, /service gateway: the deployment of somastack-engine\/agent@sha256:[0-9a-f]{12} failed and was rolled back/);
    assert.match(output, /the job's last words/);
    cloud.endpoint.appRunner.rolledBack.clear();
    const again = await cloud.up();
    assert.equal(again.code, 0, again.output);
    assert.equal((await cloud.stack.run("preview", "--expect-no-changes")).code, 0);
  });

  it("deploys no application after a failing migration, and names its exit code", async () => {
    const before = services().map(({ outputs }) => outputs["sourceConfiguration"]);
    cloud.endpoint.failing.set("somastack-engine-migrate-agent", 3);
    cloud.configure({ "somastack:allowedHosts": "other.example.com" });
    const { code, output } = await cloud.up();
    assert.notEqual(code, 0);
    assert.match(output, /job migrate-agent failed with exit code 3/);
    assert.deepEqual(services().map(({ outputs }) => outputs["sourceConfiguration"]), before);
    cloud.endpoint.failing.clear();
    const again = await cloud.up();
    assert.equal(again.code, 0, again.output);
  });

  it("refuses to destroy protected passwords, and else leaves nothing", async () => {
    assert.notEqual((await cloud.stack.run("destroy", "--yes", "--skip-preview")).code, 0);
    const { code, output } = await cloud.stack.run("destroy", "--yes", "--skip-preview", "--exclude-protected");
    assert.equal(code, 0, output);
    assert.deepEqual(cloud.ledger.all().filter(({ type }) => /^aws:(apprunner|ecs|lb)\//.test(type)), []);
  });
});

describe("APP_RUNNER with Express Mode under the real engine, with our doubles of the AWS plugins", function () {
  this.timeout(15 * 60_000);
  let cloud: DoubledCloud<EcsEndpoint>;

  before(async () => {
    cloud = await DoubledCloud.create(EcsEndpoint, express);
  });

  after(() => cloud.dispose());

  const express = { ...config, "somastack:appRunner": '{"engine": "express"}', "somastack:accept": "express-address" };

  it("runs the front as Express services, and changes nothing the second time", async () => {
    const { code, output } = await cloud.up();
    assert.equal(code, 0, output);
    assert.deepEqual(cloud.entries("aws:ecs/expressGatewayService:ExpressGatewayService").map(({ name }) => name).sort(), ["admin", "gateway"]);
    const second = await cloud.stack.run("preview", "--expect-no-changes");
    assert.equal(second.code, 0, second.output);
  });

  it("fails the update when ECS rolls a new version back, and converges with the next one", async () => {
    cloud.endpoint.express.rolledBack.add("gateway");
    cloud.configure({ "somastack:voiceEnabled": "true" });
    const { code, output } = await cloud.up();
    assert.notEqual(code, 0);
    assert.match(output, /service gateway: the deployment of express-gateway:2 was given up, running is express-gateway:1/);
    assert.match(output, /rolled back by the double/);
    cloud.endpoint.express.rolledBack.clear();
    const again = await cloud.up();
    assert.equal(again.code, 0, again.output);
  });
});

