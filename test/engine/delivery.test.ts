import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { projectRoot } from "../../toolchain/paths";
import { Ledger } from "../doubles/ledger";
import { EngineStack } from "./support";

const program = join(projectRoot, "delivery");
const { config } = parse(readFileSync(join(program, "Pulumi.main.yaml"), "utf8")) as { config: Record<string, unknown> };

// Pulumi Cloud is ours: a double of the plugin that speaks to it. No account is used.
describe("the delivery under the real engine, with our double of Pulumi Cloud", function () {
  this.timeout(5 * 60_000);
  const folder = mkdtempSync(join(tmpdir(), "somastack-delivery-"));
  const ledger = new Ledger(folder);
  let stack: EngineStack;

  before(async () => {
    stack = await EngineStack.create(program, { PATH: join(projectRoot, "test", "doubles", "plugins"), SOMASTACK_DOUBLE: folder });
  });

  after(() => {
    stack.dispose();
    rmSync(folder, { recursive: true });
  });

  it("makes settings, environments and schedules from the project's own files", async () => {
    stack.configure(config);
    const { code, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.equal(code, 0, output);
    assert.deepEqual(ledger.all().map(({ type, name }) => `${type.split(":")[2]} ${name}`).sort(), [
      "DeploymentSettings dev", "DeploymentSettings pr", "DeploymentSettings prod", "DriftSchedule dev", "DriftSchedule prod", "Environment dev", "Environment pr", "Environment prod", "Stack pr",
    ]);
  });

  it("changes nothing the second time", async () => {
    const { code, output } = await stack.run("preview", "--expect-no-changes");
    assert.equal(code, 0, output);
  });

  it("refuses a secret in clear before anything changes", async () => {
    stack.configure({ ...config, "somastack-delivery:stacks": { dev: { region: "us-east-1", config: { openaiApiKey: "sk-abc" } } } });
    const { code, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(code, 0);
    assert.match(output, /stacks\.dev\.config\.openaiApiKey: is a secret: give its secretId/);
    assert.doesNotMatch(output, /sk-abc/);
  });
});
