import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectRoot } from "../../toolchain/paths";
import { EcsEndpoint } from "../doubles/ecs-endpoint";
import { Ledger } from "../doubles/ledger";
import { EngineStack } from "./support";

const config = {
  "somastack:deploymentTarget": "FARGATE", "somastack:softwareMode": "SomaStackClusterMode", "somastack:domain": "agent.example.com", "somastack:hostedZoneId": "Z0123456789EXAMPLE",
};

// The cloud is ours: doubles of the aws, awsx and docker-build plugins and of the ECS API. No AWS account is used.
describe("FARGATE under the real engine, with our doubles of the AWS plugins", function () {
  this.timeout(15 * 60_000);
  const folder = mkdtempSync(join(tmpdir(), "somastack-double-"));
  const ledger = new Ledger(folder);
  let ecs: EcsEndpoint;
  let stack: EngineStack;

  before(async () => {
    ecs = await EcsEndpoint.start(ledger);
    stack = await EngineStack.create(projectRoot, {
      PATH: join(projectRoot, "test", "doubles", "plugins"), SOMASTACK_DOUBLE: folder,
      AWS_ENDPOINT_URL: ecs.url, AWS_ACCESS_KEY_ID: "double", AWS_SECRET_ACCESS_KEY: "double",
    });
    stack.configure(config);
  });

  after(() => {
    ecs.stop();
    stack.dispose();
    rmSync(folder, { recursive: true });
  });

  const up = (): ReturnType<EngineStack["run"]> => stack.run("up", "--yes", "--skip-preview");
  const names = (type: string): string[] => ledger.all().filter((entry) => entry.type === type).map(({ name }) => name).sort();

  it("fails half-way without a lost resource, and the next update converges", async () => {
    ledger.failAt(150);
    const failed = await up();
    assert.notEqual(failed.code, 0);
    assert.match(failed.output, /the double was told to fail at creation 150/);
    const { code, output } = await up();
    assert.equal(code, 0, output);
    const state = JSON.parse(await stack.state()) as { deployment: { resources: { urn: string; type: string }[] } };
    const known = new Set(state.deployment.resources.map(({ urn }) => urn));
    for (const { urn } of ledger.all()) assert.ok(known.has(urn), `the state lost ${urn}`);
  });

  it("ran the migrations in order, before any application", () => {
    const order = ecs.ran.filter((family) => family.includes("migrate-") && !family.includes("spicedb"));
    assert.deepEqual(order, ["somastack-engine-migrate-memory", "somastack-engine-migrate-brain", "somastack-engine-migrate-agent"]);
    assert.deepEqual(names("aws:ecs/service:Service").filter((name) => ["gateway", "admin", "brain", "memory"].includes(name)), ["admin", "brain", "gateway", "memory"]);
  });

  it("changes nothing the second time", async () => {
    const { code, output } = await stack.run("preview", "--expect-no-changes");
    assert.equal(code, 0, output);
  });

  it("keeps every generated password out of state and output", async () => {
    const { output } = await stack.run("preview", "--diff");
    const state = await stack.state();
    const passwords = ledger.all().filter(({ type }) => type === "aws:secretsmanager/secretVersion:SecretVersion").map(({ outputs }) => String(outputs["secretString"]));
    assert.ok(passwords.length > 15);
    for (const password of passwords) assert.ok(!state.includes(password) && !output.includes(password), "a secret is in clear");
  });

  it("fails the update when ECS rolls a new version back, and names service and reason", async () => {
    const running = ledger.all().find(({ type, name }) => type === "aws:ecs/taskDefinition:TaskDefinition" && name === "gateway")?.outputs["arn"];
    ecs.rolledBack.set("gateway", String(running).replace(/:\d+$/, ":0"));
    stack.configure({ ...config, "somastack:voiceEnabled": "true" });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(output, /service gateway: the deployment of somastack-engine-gateway/);
    assert.match(output, /rolled back by the double/);
    ecs.rolledBack.clear();
    const again = await up();
    assert.equal(again.code, 0, again.output);
  });

  it("fails the update on a failing migration with its exit code and last words, and leaves the services as they are", async () => {
    const before = ledger.all().filter(({ type }) => type === "aws:ecs/service:Service").map(({ outputs }) => outputs["taskDefinition"]);
    ecs.failing.set("somastack-engine-migrate-memory", 3);
    stack.configure({ ...config, "somastack:allowedHosts": "other.example.com" });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(output, /job migrate-memory failed with exit code 3/);
    assert.match(output, /the job's last words/);
    assert.deepEqual(ledger.all().filter(({ type }) => type === "aws:ecs/service:Service").map(({ outputs }) => outputs["taskDefinition"]), before);
    ecs.failing.clear();
    const again = await up();
    assert.equal(again.code, 0, again.output);
  });

  it("refuses to destroy protected passwords, and else leaves nothing", async () => {
    assert.notEqual((await stack.run("destroy", "--yes", "--skip-preview")).code, 0);
    const { code, output } = await stack.run("destroy", "--yes", "--skip-preview", "--exclude-protected");
    assert.equal(code, 0, output);
    assert.deepEqual(ledger.all().filter(({ type }) => type.startsWith("aws:ecs/") || type.startsWith("aws:lb/")), []);
  });
});
