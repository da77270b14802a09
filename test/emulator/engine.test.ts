import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectRoot } from "../../toolchain/paths";
import { EngineStack, type PulumiResult } from "../engine/support";
import { Cluster } from "./cluster";
import { Emulator } from "./emulator";

describe("jobs and rollouts under the real Pulumi command, on a local emulator", function () {
  this.timeout(5 * 60_000);
  let emulator: Emulator;
  let cluster: Cluster;
  let stack: EngineStack;
  const environment = { ...process.env };
  const folder = mkdtempSync(join(tmpdir(), "somastack-emulator-"));

  before(async () => {
    emulator = await Emulator.start();
    Object.assign(process.env, { AWS_ENDPOINT_URL: emulator.endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
    cluster = new Cluster(emulator.endpoint);
    await cluster.create();
    stack = await EngineStack.create(join(projectRoot, "test", "emulator", "fixtures", "rollouts"));
  });
  after(async () => {
    await stack.run("destroy", "--yes", "--skip-preview");
    stack.dispose();
    process.env = environment;
    rmSync(folder, { recursive: true });
    await emulator.stop();
  });

  const up = (migration: string, web: string): Promise<PulumiResult> => {
    stack.configure({ "rollouts:job": cluster.job("migrate", migration), "rollouts:rollout": cluster.rollout("web", web) });
    return stack.run("up", "--yes", "--skip-preview");
  };

  it("a failing job stops the update before the rollout, a rolled-back service fails it, and the next update converges", async () => {
    const first = await cluster.register("web");
    await cluster.serve("web", first);
    const failed = await up(await cluster.register("migrate", "echo no such column; exit 4"), first);
    assert.notEqual(failed.code, 0);
    assert.match(failed.output, /job migrate failed with exit code 4/);
    assert.match(failed.output, /\| no such column/);
    assert.doesNotMatch(await stack.state(), /somastack:ecs/);

    const migrate = await cluster.register("migrate", "true");
    const good = await up(migrate, first);
    assert.equal(good.code, 0, good.output);

    const mended = join(folder, "mended");
    const second = await cluster.register("web", `test -e ${mended} || exit 9; exec sleep 600`);
    await cluster.update("web", second);
    const rolledBack = await up(migrate, second);
    assert.notEqual(rolledBack.code, 0, "ECS says that all is well");
    assert.match(rolledBack.output, /service web: the deployment of web:2 failed, running is web:1/);
    assert.match(rolledBack.output, /main ended with 9/);

    writeFileSync(mended, "");
    const converged = await up(migrate, second);
    assert.equal(converged.code, 0, converged.output);
    assert.equal(await cluster.running("web"), second);
    assert.match((await up(migrate, second)).output, /3 unchanged/);
  });
});
