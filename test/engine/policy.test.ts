import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectRoot } from "../../toolchain/paths";
import { EcsEndpoint } from "../doubles/ecs-endpoint";
import { Ledger } from "../doubles/ledger";
import { EngineStack, type PulumiResult } from "./support";

const pack = ["--policy-pack", join(projectRoot, "policy")];
const development = ["--policy-pack-config", join(projectRoot, "policy", "dev.json")];

/** The rules that a run says are broken, with their levels. */
const broken = ({ output }: PulumiResult): string[] => [...new Set([...output.matchAll(/- \[(mandatory|advisory)\] +([a-z0-9-]+)/g)].map(([, level = "", name = ""]) => `${level} ${name}`))].sort();

describe("the policy pack under the real engine", function () {
  this.timeout(15 * 60_000);
  const folder = mkdtempSync(join(tmpdir(), "somastack-policy-"));
  const doubles = { PATH: join(projectRoot, "test", "doubles", "plugins"), SOMASTACK_DOUBLE: folder, AWS_ACCESS_KEY_ID: "double", AWS_SECRET_ACCESS_KEY: "double" };
  const stacks: EngineStack[] = [];
  const create = async (...args: Parameters<typeof EngineStack.create>): Promise<EngineStack> => {
    const stack = await EngineStack.create(...args);
    stacks.push(stack);
    return stack;
  };

  after(() => {
    for (const stack of stacks) stack.dispose();
    rmSync(folder, { recursive: true });
  });

  const levels = (content: object): string[] => {
    const file = join(folder, "levels.json");
    writeFileSync(file, JSON.stringify(content));
    return ["--policy-pack-config", file];
  };

  it("passes LOCAL, and refuses it where the stack's own number is not met", async () => {
    const stack = await create();
    stack.configure({ "somastack:softwareMode": "SomaStackClusterMode" });
    const passed = await stack.run("preview", ...pack, ...development);
    assert.equal(passed.code, 0, passed.output);
    assert.match(passed.output, /Policies:\s+\S+ somastack@v/);
    assert.deepEqual(broken(passed), []);
    const refused = await stack.run("preview", ...pack, ...levels({ "docker-memory-budget": { mebibytes: 1024, reason: "a small machine" } }));
    assert.notEqual(refused.code, 0);
    assert.deepEqual(broken(refused), ["mandatory docker-memory-budget"]);
    assert.match(refused.output, /limits sum up to \d+ MiB; the budget is 1024 MiB\. Choose a smaller software mode/);
  });

  it("refuses a level that is none", async () => {
    const [stack] = stacks;
    assert.ok(stack !== undefined);
    const { code, output } = await stack.run("preview", ...pack, ...levels({ "docker-memory-budget": { mebibytes: "many" } }));
    assert.notEqual(code, 0);
    assert.match(output, /mebibytes/);
  });

  it("refuses a program that is open to the world by the names of the rules, and judges nothing that only the update shows", async () => {
    const stack = await create(join(projectRoot, "test", "engine", "fixtures", "open-bucket"), doubles);
    stack.configure({});
    const refused = await stack.run("preview", ...pack);
    assert.notEqual(refused.code, 0);
    assert.deepEqual(broken(refused), [
      "aws-no-ssh", "aws-open-ports", "data-protected", "s3-encrypted", "s3-lifecycle", "s3-policy", "s3-public-access-block", "s3-versioning",
    ].map((name) => `mandatory ${name}`));
    assert.match(refused.output, /lets SSH or RDP in: ports 22 to 22\. Remove the rule for port 22 or 3389/);
    assert.doesNotMatch(refused.output, /can't run policy/);
  });

  it("passes FARGATE, before anything exists and once everything does", async () => {
    const ecs = await new EcsEndpoint(new Ledger(folder)).start();
    try {
      const stack = await create(projectRoot, { ...doubles, AWS_ENDPOINT_URL: ecs.url });
      stack.configure({ "somastack:deploymentTarget": "FARGATE", "somastack:domain": "agent.example.com", "somastack:hostedZoneId": "Z0123456789EXAMPLE" });
      const previewed = await stack.run("preview", ...pack, ...development);
      assert.equal(previewed.code, 0, previewed.output);
      assert.deepEqual(broken(previewed), []);
      const made = await stack.run("up", "--yes", "--skip-preview", ...pack, ...development);
      assert.equal(made.code, 0, made.output);
      // What a task may write to is known only once its definition is.
      assert.deepEqual(broken(made), ["advisory ecs-read-only-root"]);
    } finally {
      ecs.stop();
    }
  });
});
