import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectRoot } from "../../toolchain/paths";
import { Ec2Endpoint } from "../doubles/ec2-endpoint";
import { Ledger } from "../doubles/ledger";
import { EngineStack } from "./support";

const config = {
  "somastack:deploymentTarget": "EC2", "somastack:softwareMode": "SomaStackClusterMode", "somastack:domain": "agent.example.com", "somastack:hostedZoneId": "Z0123456789EXAMPLE",
};

// The cloud is ours: doubles of the aws, awsx and docker-build plugins and of the SSM and Auto Scaling APIs. No AWS account is used.
describe("EC2 under the real engine, with our doubles of the AWS plugins", function () {
  this.timeout(15 * 60_000);
  const folder = mkdtempSync(join(tmpdir(), "somastack-double-"));
  const ledger = new Ledger(folder);
  let ec2: Ec2Endpoint;
  let stack: EngineStack;

  before(async () => {
    ec2 = await Ec2Endpoint.start(ledger);
    stack = await EngineStack.create(projectRoot, {
      PATH: join(projectRoot, "test", "doubles", "plugins"), SOMASTACK_DOUBLE: folder,
      AWS_ENDPOINT_URL: ec2.url, AWS_ACCESS_KEY_ID: "double", AWS_SECRET_ACCESS_KEY: "double",
    });
    stack.configure(config);
  });

  after(() => {
    ec2.stop();
    stack.dispose();
    rmSync(folder, { recursive: true });
  });

  const up = (): ReturnType<EngineStack["run"]> => {
    ec2.done.length = 0;
    return stack.run("up", "--yes", "--skip-preview");
  };
  /** Key of the release that a service is said to run. */
  const releases = (): Record<string, unknown> => Object.fromEntries(ledger.all().filter(({ type }) => type === "aws:ssm/parameter:Parameter").map(({ name, outputs }) => [name, outputs["value"]]));

  it("fails half-way without a lost resource, and the next update converges", async () => {
    ledger.failAt(150);
    const failed = await up();
    assert.notEqual(failed.code, 0);
    assert.match(failed.output, /the double was told to fail at creation 150/);
    const before = [...ec2.done];
    const { code, output } = await up();
    assert.equal(code, 0, output);
    const state = JSON.parse(await stack.state()) as { deployment: { resources: { urn: string }[] } };
    const known = new Set(state.deployment.resources.map(({ urn }) => urn));
    for (const { urn } of ledger.all()) assert.ok(known.has(urn), `the state lost ${urn}`);
    const order = [...before, ...ec2.done].filter((step) => /^job migrate-/.test(step));
    assert.deepEqual(order, ["job migrate-memory", "job migrate-brain", "job migrate-agent"]);
  });

  it("changes nothing the second time, and runs no job again", async () => {
    const { code, output } = await stack.run("preview", "--expect-no-changes");
    assert.equal(code, 0, output);
    assert.equal((await up()).code, 0);
    assert.deepEqual(ec2.done, []);
  });

  it("keeps every generated password out of state and output", async () => {
    const { output } = await stack.run("preview", "--diff");
    const state = await stack.state();
    const passwords = ledger.all().filter(({ type }) => type === "aws:secretsmanager/secretVersion:SecretVersion").map(({ outputs }) => String(outputs["secretString"]));
    assert.ok(passwords.length > 15);
    for (const password of passwords) assert.ok(!state.includes(password) && !output.includes(password), "a secret is in clear");
  });

  it("migrates a new release before it rolls the applications, one group after the other", async () => {
    stack.configure({ ...config, "somastack:debug": "true" });
    const { code, output } = await up();
    assert.equal(code, 0, output);
    const at = (step: string): number => {
      assert.ok(ec2.done.includes(step), `${step} is not among ${ec2.done.join(", ")}`);
      return ec2.done.indexOf(step);
    };
    const order = ["job migrate-memory", "job migrate-brain", "refresh somastack-engine-memory", "refresh somastack-engine-brain", "refresh somastack-engine-control"].map(at);
    assert.deepEqual(order, [...order].sort((a, b) => a - b));
    assert.ok(!ec2.done.includes("refresh somastack-engine-platform"), "what did not change was rolled");
    stack.configure(config);
    assert.equal((await up()).code, 0);
  });

  it("fails the update when a group is rolled back, with group and reason, and tries again at the next", async () => {
    const before = releases();
    ec2.unhealthy.add("somastack-engine-control");
    stack.configure({ ...config, "somastack:voiceEnabled": "true" });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(output, /group somastack-engine-control: version \d+ of its instances was given up, version \d+ serves: RollbackSuccessful: told by the double/);
    assert.equal(releases()["gateway"], before["gateway"]);
    ec2.unhealthy.clear();
    const again = await up();
    assert.equal(again.code, 0, again.output);
    assert.ok(ec2.done.includes("refresh somastack-engine-control"));
    assert.notEqual(releases()["gateway"], before["gateway"]);
  });

  it("fails the update on a failing migration with its exit code and last words, and rolls no application", async () => {
    const before = releases();
    ec2.failing.set("migrate-memory", 3);
    stack.configure({ ...config, "somastack:allowedHosts": "other.example.com" });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(output, /job migrate-memory failed with exit code 3/);
    assert.match(output, /the job's last words/);
    assert.match(output, /the instance's last words/);
    assert.ok(!ec2.done.some((step) => /^refresh .*-(memory|brain|control)$/.test(step)));
    for (const name of ["gateway", "brain", "memory"]) assert.equal(releases()[name], before[name], name);
    ec2.failing.clear();
    const again = await up();
    assert.equal(again.code, 0, again.output);
    assert.ok(ec2.done.includes("job migrate-memory") && ec2.done.includes("refresh somastack-engine-control"));
  });

  it("refuses to destroy protected passwords, and else leaves nothing but documents of releases", async () => {
    assert.notEqual((await stack.run("destroy", "--yes", "--skip-preview")).code, 0);
    const { code, output } = await stack.run("destroy", "--yes", "--skip-preview", "--exclude-protected");
    assert.equal(code, 0, output);
    assert.deepEqual(ledger.all().filter(({ type }) => /^aws:(autoscaling|ec2\/launch|ssm|lb)/.test(type)), []);
  });
});
