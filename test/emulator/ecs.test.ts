import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runEcsJob } from "../../provider/ecs-job";
import { waitForRollout } from "../../provider/ecs-rollout";
import { SomaStackProvider } from "../../provider/provider";
import { Cluster } from "./cluster";
import { Emulator } from "./emulator";

describe("ECS, as a local emulator plays it", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let cluster: Cluster;
  const folder = mkdtempSync(join(tmpdir(), "somastack-emulator-"));

  before(async () => {
    emulator = await Emulator.start();
    cluster = new Cluster(emulator.endpoint);
    await cluster.create();
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await emulator.stop();
  });

  const runJob = (...job: Parameters<Cluster["job"]>): Promise<unknown> => runEcsJob(cluster.job(...job), { tasks: cluster.ecs, logs: cluster.logs, patience: cluster.patience });
  const roll = (service: string, taskDefinition: string): Promise<void> => waitForRollout(cluster.rollout(service, taskDefinition), { services: cluster.ecs, patience: cluster.patience });

  describe("a job", () => {
    it("succeeds", async () => {
      await runJob("migrate", await cluster.register("migrate", "echo migrated"));
    });

    it("fails with its exit code, the reason and its last log lines", async () => {
      const taskDefinition = await cluster.register("broken", "echo reading the schema; echo relation is missing >&2; exit 3");
      await assert.rejects(runJob("broken", taskDefinition), (error: Error) => {
        assert.match(error.message, /^job broken failed with exit code 3; Essential container exited/);
        assert.match(error.message, /it runs again at the next update/);
        assert.match(error.message, / {2}\| reading the schema\n {2}\| relation is missing$/);
        return true;
      });
    });

    it("is stopped when it does not end in time", async () => {
      await assert.rejects(runJob("endless", await cluster.register("endless"), { timeoutSeconds: 1 }), /job endless did not end within 1 s/);
      assert.deepEqual((await cluster.ecs.listTasks({ cluster: cluster.name, family: "endless", desiredStatus: "RUNNING" })).taskArns, []);
    });

    it("first ends what a killed update has left", async () => {
      const left = await cluster.register("twice");
      await cluster.ecs.runTask({ cluster: cluster.name, taskDefinition: left, launchType: "FARGATE" });
      await runJob("twice", await cluster.register("twice", "true"));
      assert.deepEqual((await cluster.ecs.listTasks({ cluster: cluster.name, family: "twice", desiredStatus: "RUNNING" })).taskArns, []);
    });

    it("runs through the provider, which finds the endpoint in the environment", async () => {
      const names = { AWS_ENDPOINT_URL: emulator.endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
      const before = { ...process.env };
      Object.assign(process.env, names);
      try {
        const inputs = cluster.job("provided", await cluster.register("provided", "true"));
        const { outs } = await new SomaStackProvider().create("urn:pulumi:dev::somastack::somastack:aws:Job$somastack:ecs:Job::provided", inputs);
        assert.equal((outs as { exitCode: number }).exitCode, 0);
      } finally {
        process.env = before;
      }
    });
  });

  describe("a rollout", () => {
    it("is over when the wanted revision runs, at first and after an update", async () => {
      const first = await cluster.register("gladly");
      await cluster.serve("gladly", first);
      await roll("gladly", first);
      const second = await cluster.register("gladly");
      await cluster.update("gladly", second);
      await roll("gladly", second);
      assert.equal(await cluster.running("gladly"), second);
    });

    it("that ECS rolled back is an error which names service, revisions and reason; the next one converges", async () => {
      const good = await cluster.register("moody");
      await cluster.serve("moody", good);
      await roll("moody", good);
      const mended = join(folder, "mended");
      const wanted = await cluster.register("moody", `test -e ${mended} || exit 7; exec sleep 600`);
      await cluster.update("moody", wanted);
      await assert.rejects(roll("moody", wanted), (error: Error) => {
        assert.match(error.message, /^service moody: the deployment of moody:2 failed, running is moody:1: ECS deployment circuit breaker was triggered/);
        assert.match(error.message, /task [0-9a-f-]+: Essential container exited; main ended with 7/);
        assert.match(error.message, /rolled back to the last completed deployment/);
        return true;
      });
      assert.equal(await cluster.running("moody"), good);
      // As `up` finds it: the state has the wanted revision, ECS the old one, and nothing is going on.
      await assert.rejects(roll("moody", wanted), /running is moody:1/);
      writeFileSync(mended, "");
      await roll("moody", wanted);
      assert.equal(await cluster.running("moody"), wanted);
    });
  });
});
