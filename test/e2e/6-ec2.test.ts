import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureCompose } from "../../toolchain/engine";
import { ask, converse } from "./ec2/ask";
import { Instance } from "./ec2/instance";
import { removeInstances } from "./ec2/leftovers";
import { Region } from "./ec2/region";
import { parsed, releaseOfStack } from "./ec2/release";
import { configure, deployMs, docker, eventually, somastack, succeed } from "./support";

/** Domain that a look at another target supposes. */
const domain = "e2e.somastack.example";

// Script, documents, Docker, Compose, disks and addresses are real; AWS's API and its managed services are stood in for.
describe("instances of EC2", function () {
  this.timeout(deployMs);
  let region: Region;
  const instances = new Map<string, Instance>();
  const instanceOf = (group: string): Instance => {
    const found = instances.get(group);
    assert.ok(found !== undefined, `no instance of ${group}`);
    return found;
  };
  const at = (group: string, port: number, path: string, protocol = "http"): string => `${protocol}://${instanceOf(group).address}:${port}${path}`;

  before(async function () {
    // An instance's script mounts disks and adds addresses.
    if (process.getuid?.() !== 0) this.skip();
    configure();
    await somastack("down", "--volumes", "--yes");
    await removeInstances();
    await succeed("setup");
    const { command } = await ensureCompose(() => undefined);
    region = await Region.begin(await releaseOfStack(), command);
    await region.startDataTier();
    for (const { kind, name, key } of region.release.steps) {
      if (kind === "group") instances.set(name, new Instance(region, name, key));
    }
    for (const instance of instances.values()) await instance.boot();
  });

  after(async () => removeInstances());

  it("run jobs and groups in the order of the program, every container healthy", async () => {
    for (const step of region.release.steps) {
      const { code, output } = step.kind === "job" ? await instanceOf("operations").job(step) : await instanceOf(step.name).run("start");
      assert.equal(code, 0, `${step.name}: ${output}`);
      assert.match(output, step.kind === "job" ? new RegExp(`${step.name} has run$`) : /release groups\/.* runs$/);
    }
    const answers = region.calls().filter((call) => call.includes("complete-lifecycle-action"));
    assert.deepEqual(answers.map((call) => /^i-(\S+): .*--auto-scaling-group-name (\S+) .*--lifecycle-action-result (\S+)$/.exec(call)?.slice(1)), region.release.steps.filter(({ kind }) => kind === "group").map(({ name }) => [name, name, "CONTINUE"]));
  });

  it("run exactly the containers of their documents, on their own addresses only and hardened", async () => {
    for (const { kind, name, key } of region.release.steps) {
      if (kind === "job") continue;
      const { services } = parsed(region.release.documents.get(key) ?? "");
      const containers = await instanceOf(name).containers();
      assert.deepEqual([...containers.keys()].sort(), Object.keys(services).sort());
      for (const [service, { State: state, HostConfig: host }] of containers) {
        assert.equal(state.Health?.Status, "healthy", service);
        const addresses = Object.values((host.PortBindings ?? {}) as Record<string, { HostIp?: string }[]>).flat().map(({ HostIp }) => HostIp ?? "");
        assert.ok(addresses.every((address) => region.addressesOf(name).includes(address)), `${service}: ${addresses.join()}`);
        assert.ok((host.Memory ?? 0) > 0 && host.MemorySwap === host.Memory, `${service} has no limit`);
        assert.deepEqual([host.CapDrop, host.SecurityOpt, host.Privileged], [["ALL"], ["no-new-privileges:true"], false], service);
      }
    }
  });

  it("put a name for each address into Cloud Map", () => {
    const expected = [...instances.keys()].flatMap((group) => region.namesOf(group)).map(({ id, address }) => [id, [address]] as const);
    assert.ok(expected.length > 0);
    assert.deepEqual(region.registered(), Object.fromEntries(expected));
  });

  it("run a job once a release", async () => {
    const step = region.release.steps.find(({ name }) => name === "migrate-agent");
    assert.ok(step !== undefined);
    const { code, output } = await instanceOf("operations").job(step);
    assert.equal(code, 0, output);
    assert.match(output, /migrate-agent has run for this release/);
  });

  it("answer the load balancer where it asks, with its host name", async () => {
    assert.equal((await ask(at("control", 30020, "/"))).status, 200);
    assert.equal((await ask(at("control", 30042, "/"))).status, 200);
    assert.equal((await ask(at("platform", 30880, "/health/ready"))).status, 200);
    assert.equal((await ask(at("control", 20020, "/api/health/"), { host: domain })).status, 200);
    assert.equal((await ask(at("control", 20042, "/api/health/"), { host: `admin.${domain}` })).status, 200);
    assert.equal((await ask(at("control", 20020, "/api/health/"), { host: "elsewhere.example" })).status, 400);
  });

  it("reach each other by name and the data tier over TLS: the combined health of one sees all", async () => {
    const { body } = await eventually(async () => ask(at("observability", 8010, "/health")), ({ status }) => status === 200, 60);
    for (const service of ["postgres", "redis", "keycloak", "spicedb", "opa", "gateway", "admin", "prometheus"]) assert.match(body, new RegExp(`"${service}"`));
  });

  it("take messages over a WebSocket with a token of Keycloak's", async () => {
    const [keycloak] = region.namesOf("platform").filter(({ id }) => id === "keycloak");
    const host = `keycloak.${region.release.namespace}:20880`;
    const { status, body } = await ask(`http://${keycloak?.address}:20880/realms/somastack/protocol/openid-connect/token`, {
      host, form: { grant_type: "client_credentials", client_id: "soma-agent", client_secret: region.secret("keycloak-client") },
    });
    assert.equal(status, 200, body);
    const { access_token: token } = JSON.parse(body) as { access_token: string };
    const [ready, stored] = await converse(at("control", 20020, "/ws/v2/chat"), { host: domain, headers: { authorization: `Bearer ${token}` } }, JSON.stringify({ text: "hello" }), 2);
    assert.deepEqual(JSON.parse(ready ?? ""), { type: "ready" });
    const { type, echo } = JSON.parse(stored ?? "") as { type: string; echo: string };
    assert.deepEqual([type, echo], ["stored", "hello"]);
  });

  it("write no secret to a file", () => {
    const texts = [...instances.values()].flatMap(({ root }) => filesBelow(root));
    assert.ok(texts.length > 0);
    for (const [version, value] of region.release.secrets) assert.ok(!texts.some((text) => text.includes(value)), version);
  });

  it("notice a container that is gone", async () => {
    const control = instanceOf("control");
    const opa = (await instanceOf("platform").containers()).get("opa");
    await docker.getContainer(opa?.Id ?? "").stop();
    const { output } = await instanceOf("platform").run("check");
    assert.match(output, /not healthy: .*opa.* exited/);
    assert.ok(existsSync(join(instanceOf("platform").root, "run/somastack/failures")));
    assert.equal((await control.run("check")).output, "");
  });

  it("converge when their unit is stopped and started, names included", async () => {
    const platform = instanceOf("platform");
    assert.equal((await platform.run("stop")).code, 0);
    for (const { id } of region.namesOf("platform")) assert.deepEqual(region.registered()[id], [], id);
    await eventually(async () => ask(at("observability", 8010, "/health")), ({ status }) => status === 503, 30);
    const { code, output } = await platform.run("start");
    assert.equal(code, 0, output);
    assert.equal((await platform.run("check")).output, "");
    assert.ok(!existsSync(join(platform.root, "run/somastack/failures")));
    await eventually(async () => ask(at("observability", 8010, "/health")), ({ status }) => status === 200, 60);
  });

  it("find the data of their predecessor on its disk", async () => {
    const { minTime: before } = await samples(at("observability", 49090, "/api/v1/status/tsdb"));
    const next = await instanceOf("observability").replace();
    assert.equal((await ask(at("observability", 49090, "/-/ready"))).status, 0);
    const { code, output } = await next.run("start");
    assert.equal(code, 0, output);
    assert.equal((await samples(at("observability", 49090, "/api/v1/status/tsdb"))).minTime, before);
  });

  it("end before Docker kills their containers", async () => {
    const control = instanceOf("control");
    assert.equal((await control.run("stop")).code, 0);
    const codes = [...(await control.containers())].map(([service, { State: state }]) => [service, state.ExitCode] as const);
    assert.deepEqual(codes.filter(([, code]) => code === 137), []);
  });
});

describe("a service of EC2 with a role of its own", function () {
  this.timeout(deployMs);
  let instance: Instance;
  let service: { readonly name: string; readonly role: string };
  const asked = `exec 3<>/dev/tcp/169.254.170.2/80 && printf 'GET %s HTTP/1.0\\r\\n\\r\\n' "\${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI:-/}" >&3 && cat <&3`;

  before(async function () {
    if (process.getuid?.() !== 0) this.skip();
    configure({ softwareMode: "SomaStackClusterMode" });
    await succeed("setup");
    const release = await releaseOfStack();
    const found = [...release.documents].find(([, content]) => parsed(content)["x-somastack"].credentials.length > 0);
    assert.ok(found !== undefined, "no document has credentials");
    const [key, content] = found;
    const group = key.split("/")[1] ?? "";
    const { command } = await ensureCompose(() => undefined);
    const region = await Region.begin({ ...release, steps: release.steps.filter(({ name }) => name === group), documents: new Map([found]) }, command);
    instance = new Instance(region, group, key);
    const [first] = parsed(content)["x-somastack"].credentials;
    assert.ok(first !== undefined);
    service = first;
    // As its start does before any container: the document, and folders for disks.
    mkdirSync(join(instance.root, "run/somastack/release"), { recursive: true });
    writeFileSync(join(instance.root, "run/somastack/release/compose.json"), content);
    for (const { name } of parsed(content)["x-somastack"].volumes) mkdirSync(join(instance.root, "var/lib/somastack/volumes", name, "data"), { recursive: true });
  });

  after(async () => removeInstances());

  it("finds the role's short-lived credentials where every SDK looks, and fresh ones after a renewal", async () => {
    const renewed = await instance.run("credentials");
    assert.equal(renewed.code, 0, renewed.output);
    const up = await instance.compose("127.0.0.1", "up", "--detach", "--wait", "credentials");
    assert.equal(up.code, 0, up.output);
    const read = async (): Promise<{ Token: string; Expiration: string }> => {
      const { code, output } = await instance.compose("127.0.0.1", "run", "-T", "--rm", "--no-deps", "--entrypoint", "bash", service.name, "-c", asked);
      assert.equal(code, 0, output);
      return JSON.parse(/\{[^{}]*\}/.exec(output)?.[0] ?? "null") as { Token: string; Expiration: string };
    };
    const first = await read();
    assert.equal(first.Token, service.role);
    await eventually(async () => instance.run("credentials"), ({ code }) => code === 0, 10);
    const second = await read();
    const stopped = await instance.compose("127.0.0.1", "stop", "credentials");
    assert.equal(stopped.code, 0, stopped.output);
    assert.notEqual((await instance.containers()).get("credentials")?.State.ExitCode, 137);
    assert.ok(second.Expiration > first.Expiration, `${second.Expiration} is not after ${first.Expiration}`);
  });

  it("is alone in finding them", async () => {
    const { code, output } = await instance.compose("127.0.0.1", "run", "-T", "--rm", "--no-deps", "--entrypoint", "timeout", "keycloak", "5", "bash", "-c", asked);
    assert.equal(code, 124, output);
  });
});

/** Texts of the files below an instance's root, without its disks. */
function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== "volumes" && name !== "dev");
  return entries.flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [readFileSync(join(folder, entry.name), "utf8")]));
}

/** Oldest time of which Prometheus has a sample in memory. */
async function samples(url: string): Promise<{ readonly minTime: number }> {
  const { status, body } = await ask(url);
  assert.equal(status, 200, body);
  return (JSON.parse(body) as { data: { headStats: { minTime: number } } }).data.headStats;
}
