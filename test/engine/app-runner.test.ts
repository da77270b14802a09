import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectRoot } from "../../toolchain/paths";
import { imageOf } from "../doubles/app-runner-answers";
import { EcsEndpoint } from "../doubles/ecs-endpoint";
import { Ledger } from "../doubles/ledger";
import { EngineStack } from "./support";

const config = {
  "somastack:deploymentTarget": "APP_RUNNER", "somastack:domain": "agent.example.com", "somastack:hostedZoneId": "Z0123456789EXAMPLE", "somastack:accept": "all",
};

// The cloud is ours: doubles of the aws, awsx and docker-build plugins and of the APIs of ECS and App Runner. No AWS account is used.
describe("APP_RUNNER under the real engine, with our doubles of the AWS plugins", function () {
  this.timeout(15 * 60_000);
  const folder = mkdtempSync(join(tmpdir(), "somastack-double-"));
  const ledger = new Ledger(folder);
  let endpoint: EcsEndpoint;
  let stack: EngineStack;

  before(async () => {
    endpoint = await EcsEndpoint.start(ledger);
    stack = await stackOf(folder, endpoint);
    stack.configure(config);
  });

  after(() => {
    endpoint.stop();
    stack.dispose();
    rmSync(folder, { recursive: true });
  });

  const up = (): ReturnType<EngineStack["run"]> => stack.run("up", "--yes", "--skip-preview");
  const services = () => ledger.all().filter(({ type }) => type === "aws:apprunner/service:Service");

  it("fails half-way without a lost resource, and the next update converges", async () => {
    ledger.failAt(200);
    const failed = await up();
    assert.notEqual(failed.code, 0);
    assert.match(failed.output, /the double was told to fail at creation 200/);
    const { code, output } = await up();
    assert.equal(code, 0, output);
    const state = JSON.parse(await stack.state()) as { deployment: { resources: { urn: string }[] } };
    const known = new Set(state.deployment.resources.map(({ urn }) => urn));
    for (const { urn } of ledger.all()) assert.ok(known.has(urn), `the state lost ${urn}`);
    assert.deepEqual(services().map(({ name }) => name).sort(), ["admin", "gateway"]);
  });

  it("changes nothing the second time", async () => {
    const { code, output } = await stack.run("preview", "--expect-no-changes");
    assert.equal(code, 0, output);
  });

  it("keeps every generated password out of state and output", async () => {
    const { output } = await stack.run("preview", "--diff");
    const state = await stack.state();
    const passwords = ledger.all().filter(({ type }) => type === "aws:secretsmanager/secretVersion:SecretVersion").map(({ outputs }) => String(outputs["secretString"]));
    assert.ok(passwords.length > 10);
    for (const password of passwords) assert.ok(!state.includes(password) && !output.includes(password), "a secret is in clear");
  });

  it("fails the update when App Runner rolls a new version back, says why, and converges with the next one", async () => {
    const gateway = services().find(({ name }) => name === "gateway");
    assert.ok(gateway);
    endpoint.appRunner.rolledBack.set("gateway", imageOf(gateway));
    stack.configure({ ...config, "somastack:voiceEnabled": "true" });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(output, /service gateway: the deployment of somastack-engine\/agent@sha256:[0-9a-f]{12} failed and was rolled back/);
    assert.match(output, /the job's last words/);
    endpoint.appRunner.rolledBack.clear();
    const again = await up();
    assert.equal(again.code, 0, again.output);
    assert.equal((await stack.run("preview", "--expect-no-changes")).code, 0);
  });

  it("deploys no application after a failing migration, and names its exit code", async () => {
    const before = services().map(({ outputs }) => outputs["sourceConfiguration"]);
    endpoint.failing.set("somastack-engine-migrate-agent", 3);
    stack.configure({ ...config, "somastack:allowedHosts": "other.example.com" });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(output, /job migrate-agent failed with exit code 3/);
    assert.deepEqual(services().map(({ outputs }) => outputs["sourceConfiguration"]), before);
    endpoint.failing.clear();
    const again = await up();
    assert.equal(again.code, 0, again.output);
  });

  it("refuses to destroy protected passwords, and else leaves nothing", async () => {
    assert.notEqual((await stack.run("destroy", "--yes", "--skip-preview")).code, 0);
    const { code, output } = await stack.run("destroy", "--yes", "--skip-preview", "--exclude-protected");
    assert.equal(code, 0, output);
    assert.deepEqual(ledger.all().filter(({ type }) => /^aws:(apprunner|ecs|lb)\//.test(type)), []);
  });
});

describe("APP_RUNNER with Express Mode under the real engine, with our doubles of the AWS plugins", function () {
  this.timeout(15 * 60_000);
  const folder = mkdtempSync(join(tmpdir(), "somastack-double-"));
  const ledger = new Ledger(folder);
  let endpoint: EcsEndpoint;
  let stack: EngineStack;

  before(async () => {
    endpoint = await EcsEndpoint.start(ledger);
    stack = await stackOf(folder, endpoint);
    stack.configure(express);
  });

  after(() => {
    endpoint.stop();
    stack.dispose();
    rmSync(folder, { recursive: true });
  });

  const express = { ...config, "somastack:appRunner": '{"engine": "express"}', "somastack:accept": "express-address" };
  const up = (): ReturnType<EngineStack["run"]> => stack.run("up", "--yes", "--skip-preview");

  it("runs the front as Express services, and changes nothing the second time", async () => {
    const { code, output } = await up();
    assert.equal(code, 0, output);
    assert.deepEqual(ledger.all().filter(({ type }) => type === "aws:ecs/expressGatewayService:ExpressGatewayService").map(({ name }) => name).sort(), ["admin", "gateway"]);
    const second = await stack.run("preview", "--expect-no-changes");
    assert.equal(second.code, 0, second.output);
  });

  it("fails the update when ECS rolls a new version back, and converges with the next one", async () => {
    endpoint.express.rolledBack.add("gateway");
    stack.configure({ ...express, "somastack:voiceEnabled": "true" });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(output, /service gateway: the deployment of express-gateway:2 was given up, running is express-gateway:1/);
    assert.match(output, /rolled back by the double/);
    endpoint.express.rolledBack.clear();
    const again = await up();
    assert.equal(again.code, 0, again.output);
  });
});

function stackOf(folder: string, endpoint: EcsEndpoint): Promise<EngineStack> {
  return EngineStack.create(projectRoot, {
    PATH: join(projectRoot, "test", "doubles", "plugins"), SOMASTACK_DOUBLE: folder,
    AWS_ENDPOINT_URL: endpoint.url, AWS_ACCESS_KEY_ID: "double", AWS_SECRET_ACCESS_KEY: "double",
  });
}
