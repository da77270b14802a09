import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectRoot } from "../../toolchain/paths";
import { EcsEndpoint } from "../doubles/ecs-endpoint";
import { Ledger } from "../doubles/ledger";
import { EngineStack } from "./support";

const config = { "somastack:deploymentTarget": "ECS_EC2", "somastack:domain": "agent.example.com", "somastack:hostedZoneId": "Z0123456789EXAMPLE" };

// The cloud is ours: doubles of the aws, awsx and docker-build plugins and of the ECS API. No AWS account is used.
describe("ECS_EC2 under the real engine, with our doubles of the AWS plugins", function () {
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
  const entries = (type: string) => ledger.all().filter((entry) => entry.type === type);

  it("runs jobs and services on instances of the stack, by its capacity provider", async () => {
    const { code, output } = await up();
    assert.equal(code, 0, output);
    const [provider] = entries("aws:ecs/capacityProvider:CapacityProvider");
    assert.equal(provider?.outputs["name"], "somastack-engine");
    assert.equal(entries("aws:autoscaling/group:Group").length, 1);
    for (const { name, outputs } of entries("aws:ecs/service:Service")) assert.deepEqual(outputs["capacityProviderStrategies"], [{ capacityProvider: "somastack-engine", weight: 1 }], name);
    assert.ok(ecs.ran.includes("somastack-engine-migrate-agent"));
  });

  it("changes nothing the second time", async () => {
    const { code, output } = await stack.run("preview", "--expect-no-changes");
    assert.equal(code, 0, output);
  });

  it("changes no instance for a new task definition, and rolls only what has a new one", async () => {
    const before = entries("aws:ec2/launchTemplate:LaunchTemplate").map(({ outputs }) => outputs);
    const ran = ecs.ran.length;
    stack.configure({ ...config, "somastack:voiceEnabled": "true" });
    const { code, output } = await up();
    assert.equal(code, 0, output);
    assert.deepEqual(entries("aws:ec2/launchTemplate:LaunchTemplate").map(({ outputs }) => outputs), before);
    // The applications' environment is their migrations' too: no version rolls before its own chain has run.
    assert.ok(ecs.ran.slice(ran).includes("somastack-engine-migrate-agent"));
    assert.ok(!ecs.ran.slice(ran).includes("somastack-engine-realm"));
  });

  it("refuses to destroy protected passwords, and else leaves nothing", async () => {
    assert.notEqual((await stack.run("destroy", "--yes", "--skip-preview")).code, 0);
    const { code, output } = await stack.run("destroy", "--yes", "--skip-preview", "--exclude-protected");
    assert.equal(code, 0, output);
    assert.deepEqual(ledger.all().filter(({ type }) => /^aws:(ecs|autoscaling|lb)\//.test(type)), []);
  });
});
