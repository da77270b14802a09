import assert from "node:assert/strict";

import { Ec2Endpoint } from "../doubles/ec2-endpoint";
import { DoubledCloud } from "./doubled-cloud";
import type { PulumiResult } from "./support";

const config = { "somastack:deploymentTarget": "EC2", "somastack:softwareMode": "SomaStackClusterMode" };

describe("EC2 under the real engine, with our doubles of the AWS plugins", function () {
  this.timeout(15 * 60_000);
  let cloud: DoubledCloud<Ec2Endpoint>;

  before(async () => {
    cloud = await DoubledCloud.create(Ec2Endpoint, config);
  });

  after(() => cloud.dispose());

  const up = (): Promise<PulumiResult> => {
    cloud.endpoint.done.length = 0;
    return cloud.up();
  };
  /** Key of the release that a service is said to run. */
  const releases = (): Record<string, unknown> => Object.fromEntries(cloud.entries("aws:ssm/parameter:Parameter").map(({ name, outputs }) => [name, outputs["value"]]));

  it("fails half-way without a lost resource, and the next update converges", async () => {
    const done: string[] = [];
    await cloud.failAndConverge(150, async () => {
      const result = await up();
      done.push(...cloud.endpoint.done);
      return result;
    });
    const order = done.filter((step) => /^job migrate-/.test(step));
    assert.deepEqual(order, ["job migrate-memory", "job migrate-brain", "job migrate-agent"]);
  });

  it("changes nothing the second time, and runs no job again", async () => {
    await cloud.changesNothing();
    assert.equal((await up()).code, 0);
    assert.deepEqual(cloud.endpoint.done, []);
  });

  it("keeps every generated password out of state and output", async () => {
    await cloud.keepsSecrets(15);
  });

  it("migrates a new release before it rolls the applications, one group after the other", async () => {
    cloud.configure({ "somastack:debug": "true" });
    const { code, output } = await up();
    assert.equal(code, 0, output);
    const at = (step: string): number => {
      assert.ok(cloud.endpoint.done.includes(step), `${step} is not among ${cloud.endpoint.done.join(", ")}`);
      return cloud.endpoint.done.indexOf(step);
    };
    const order = ["job migrate-memory", "job migrate-brain", "refresh somastack-engine-memory", "refresh somastack-engine-brain", "refresh somastack-engine-control"].map(at);
    assert.deepEqual(order, [...order].sort((a, b) => a - b));
    assert.ok(!cloud.endpoint.done.includes("refresh somastack-engine-platform"), "what did not change was rolled");
    cloud.configure();
    assert.equal((await up()).code, 0);
  });

  it("fails the update when a group is rolled back, with group and reason, and tries again at the next", async () => {
    const before = releases();
    cloud.endpoint.unhealthy.add("somastack-engine-control");
    cloud.configure({ "somastack:voiceEnabled": "true" });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(output, /group somastack-engine-control: version \d+ of its instances was given up, version \d+ serves: RollbackSuccessful: told by the double/);
    assert.equal(releases()["gateway"], before["gateway"]);
    cloud.endpoint.unhealthy.clear();
    const again = await up();
    assert.equal(again.code, 0, again.output);
    assert.ok(cloud.endpoint.done.includes("refresh somastack-engine-control"));
    assert.notEqual(releases()["gateway"], before["gateway"]);
  });

  it("fails the update on a failing migration with its exit code and last words, and rolls no application", async () => {
    const before = releases();
    cloud.endpoint.failing.set("migrate-memory", 3);
    cloud.configure({ "somastack:allowedHosts": "other.example.com" });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(output, /job migrate-memory failed with exit code 3/);
    assert.match(output, /the job's last words/);
    assert.match(output, /the instance's last words/);
    assert.ok(!cloud.endpoint.done.some((step) => /^refresh .*-(memory|brain|control)$/.test(step)));
    for (const name of ["gateway", "brain", "memory"]) assert.equal(releases()[name], before[name], name);
    cloud.endpoint.failing.clear();
    const again = await up();
    assert.equal(again.code, 0, again.output);
    assert.ok(cloud.endpoint.done.includes("job migrate-memory") && cloud.endpoint.done.includes("refresh somastack-engine-control"));
  });

  it("refuses to destroy protected passwords, and else leaves nothing but documents of releases", async () => {
    assert.notEqual((await cloud.stack.run("destroy", "--yes", "--skip-preview")).code, 0);
    const { code, output } = await cloud.stack.run("destroy", "--yes", "--skip-preview", "--exclude-protected");
    assert.equal(code, 0, output);
    assert.deepEqual(cloud.ledger.all().filter(({ type }) => /^aws:(autoscaling|ec2\/launch|ssm|lb)/.test(type)), []);
  });
});
