import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { execa } from "execa";
import { snapshotFile } from "../../cli/pulumi/paths";
import { projectRoot } from "../../toolchain/paths";
import { configure, containerOf, containers, deployMs, docker, eventually, health, inside, somastack, stack, succeed } from "./support";

/** The guide's list of local services, with the health endpoint and Prometheus. */
const expected = ["admin", "gateway", "health", "keycloak", "opa", "postgres", "prometheus", "redis", "spicedb"];

const sql = (statement: string): Promise<string> => inside("postgres", ["psql", "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-qtAc", statement]);

describe("StandAlone", function () {
  this.timeout(deployMs);

  before(() => configure());

  it("comes up with every service healthy, and shows the table", async () => {
    const { output } = await succeed("up");
    const { status, services } = await health();
    assert.equal(status, 200);
    for (const name of expected.filter((service) => service !== "health")) assert.equal(services[name]?.status, "healthy", name);
    for (const name of expected) assert.match(output, new RegExp(`^${name} .*\\d+ / \\d+ MiB$`, "m"));
    assert.match(output, /Combined health: .*:8010\/health \(all healthy\)/);
  });

  it("deploys no brain and no memory", async () => {
    const names = [...(await containers()).keys()];
    assert.deepEqual(names.filter((name) => /brain|memory|milvus|kafka/.test(name)), []);
  });

  it("publishes on 127.0.0.1 only, limits memory and drops privileges", async () => {
    for (const { id, service, running } of (await containers()).values()) {
      if (!running) continue;
      const { HostConfig: host } = await docker.getContainer(id).inspect();
      const addresses = Object.values((host.PortBindings ?? {}) as Record<string, { HostIp?: string }[]>).flat().map(({ HostIp }) => HostIp);
      assert.ok(addresses.every((address) => address === "127.0.0.1"), `${service}: ${addresses.join()}`);
      assert.ok((host.Memory ?? 0) > 0, `${service} has no memory limit`);
      assert.ok(/\bALL\b/.test(String(host.CapDrop)), `${service} keeps capabilities`);
      assert.ok(/no-new-privileges/.test(String(host.SecurityOpt)), `${service} may gain privileges`);
      assert.equal(host.Privileged, false);
    }
  });

  it("changes nothing at a second up", async () => {
    const before = new Map([...(await containers())].map(([name, { id }]) => [name, id]));
    const { output } = await succeed("up");
    assert.deepEqual(new Map([...(await containers())].map(([name, { id }]) => [name, id])), before);
    assert.doesNotMatch(output, /^\s+(created|updated|replaced|deleted) /m);
  });

  it("is the same to a plain pulumi", async () => {
    const script = `eval "$(node toolchain/bootstrap.mjs env --stack ${stack})" && pulumi preview --expect-no-changes --stack ${stack} --non-interactive`;
    const { exitCode, all } = await execa("bash", ["-c", script], { cwd: projectRoot, all: true, reject: false, stdin: "ignore" });
    assert.equal(exitCode, 0, all);
  });

  it("keeps every generated password out of the state in clear", async () => {
    const environments = await Promise.all([...(await containers()).values()].map(async ({ id }) => (await docker.getContainer(id).inspect()).Config.Env));
    const passwords = new Set(environments.flat().filter((entry) => /PASSWORD|SECRET|TOKEN|KEY/.test(entry)).map((entry) => entry.slice(entry.indexOf("=") + 1)).filter((value) => /^[A-Za-z0-9]{32}$/.test(value)));
    assert.ok(passwords.size > 5, `${passwords.size} passwords`);
    const state = readFileSync(snapshotFile(stack), "utf8");
    assert.match(state, /docker:index\/container:Container/);
    assert.deepEqual([...passwords].filter((password) => state.includes(password)), []);
  });

  it("turns 503 naming a stopped service, and 200 when it is back", async () => {
    const redis = docker.getContainer((await containerOf("redis")).id);
    await redis.stop();
    const down = await eventually(health, ({ status }) => status === 503, 15);
    assert.ok(down.failing.includes("redis"), down.failing.join());
    await redis.start();
    await eventually(health, ({ status }) => status === 200, 60);
  });

  it("brings a removed container back", async () => {
    await docker.getContainer((await containerOf("opa")).id).remove({ force: true });
    const { output } = await succeed("up");
    assert.match(output, /not running any more: /);
    assert.equal((await health()).status, 200);
  });

  it("keeps data and passwords across down and up", async () => {
    await sql("create table if not exists e2e_kept (text text); insert into e2e_kept values ('still here')");
    assert.match((await succeed("down")).output, /Kept: \d+ data volumes/);
    assert.equal((await containers()).size, 0);
    await succeed("up");
    assert.equal(await sql("select text from e2e_kept"), "still here");
    assert.equal((await health()).status, 200);
  });

  it("answers health on the command line", async () => {
    const { code, output } = await somastack("health");
    assert.equal(code, 0, output);
    assert.match(output, /^redis +infrastructure +healthy +\d+ ms$/m);
  });

  it("finds nothing wrong with the machine that runs it", async () => {
    const { code, output } = await somastack("doctor");
    assert.equal(code, 0, output);
    assert.match(output, /^Ports +ok/m);
  });
});
