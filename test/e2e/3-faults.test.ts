import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../toolchain/paths";
import { configure, containerOf, containers, deployMs, docker, eventually, health, somastack, start, succeed } from "./support";

const brokenImage = "somastack-e2e/broken-migration:1";

const ids = async (): Promise<Record<string, string>> =>
  Object.fromEntries([...(await containers()).values()].filter(({ running }) => running).map(({ service, id }) => [service, id]));

/** Process ids of the Pulumi commands that work on this project. */
async function pulumiProcesses(): Promise<number[]> {
  const { stdout } = await execa("ps", ["-eo", "pid=,args="]);
  return stdout
    .split("\n")
    .filter((line) => /\bpulumi\b.* (up|destroy) .*--stack e2e\b/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

describe("a failing migration", function () {
  this.timeout(deployMs);

  before(async () => {
    configure();
    await succeed("up");
    const { Image: base } = await docker.getContainer((await containerOf("gateway")).id).inspect();
    await execa("docker", ["build", "--quiet", "--build-arg", `BASE=${base}`, "--tag", brokenImage, join(projectRoot, "test", "e2e", "fixtures", "broken-migration")], { env: { DOCKER_BUILDKIT: "0" } });
  });

  after(async () => {
    await execa("docker", ["image", "rm", "--force", brokenImage], { reject: false });
  });

  it("fails up with its exit code and last log lines, and leaves what runs untouched", async () => {
    const running = await ids();
    configure({ images: { agent: brokenImage } });
    const { code, output } = await somastack("up");
    assert.equal(code, 1, output);
    assert.match(output, /(exit code|exited with|code) 7\b/);
    assert.match(output, /relation "half_made" already exists/);
    assert.doesNotMatch(output, /\n\s+at \S+ \(/);
    assert.deepEqual(await ids(), running);
    assert.equal((await health()).status, 200);
  });

  it("is run again by the next up", async () => {
    const { code, output } = await somastack("up");
    assert.equal(code, 1, output);
    assert.match(output, /relation "half_made" already exists/);
  });

  it("is over when the release is mended", async () => {
    configure();
    await succeed("up");
    assert.equal((await health()).status, 200);
    assert.doesNotMatch((await succeed("up")).output, /^\s+(created|updated|replaced|deleted) /m);
  });
});

describe("a killed up", function () {
  this.timeout(deployMs);

  before(async () => {
    configure();
    await somastack("down", "--volumes", "--yes");
  });

  it("is followed by one that converges", async () => {
    const killed = start("up");
    await eventually(containers, (all) => all.size >= 3, 600);
    const pulumi = await pulumiProcesses();
    assert.ok(pulumi.length > 0, "no Pulumi is at work");
    for (const pid of pulumi) process.kill(-pid, "SIGKILL");
    killed.kill("SIGKILL");
    await killed;
    const { output } = await succeed("up");
    assert.match(output, /An earlier run was killed/);
    assert.equal((await health()).status, 200);
    assert.doesNotMatch((await succeed("up")).output, /^\s+(created|updated|replaced|deleted) /m);
  });

  it("refuses to work beside a living one", async () => {
    await docker.getContainer((await containerOf("opa")).id).remove({ force: true });
    const first = start("up");
    await eventually(pulumiProcesses, (pids) => pids.length > 0, 60);
    const second = await somastack("up");
    const { exitCode, all } = await first;
    assert.equal(exitCode, 0, all);
    assert.equal(second.code, 1);
    assert.match(second.output, /Another run \(process \d+.*\) is at work on the stack e2e/);
  });
});
