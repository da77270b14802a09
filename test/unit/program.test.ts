import assert from "node:assert/strict";

import { runProgram, type Registered, type Run } from "./program-support";

const cluster = { softwareMode: "SomaStackClusterMode" };

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

describe("the program on LOCAL, under mocks", () => {
  let run: Run;
  const find = (type: string, name: string): Registered => {
    const found = run.resources.find((resource) => resource.type === type && resource.name === name);
    assert.ok(found, `no ${type} ${name}`);
    return found;
  };
  const container = (name: string): Registered => find("docker:index/container:Container", name);
  const containers = (): readonly Registered[] => run.resources.filter(({ type }) => type === "docker:index/container:Container");
  const jobs = (): readonly Registered[] => run.resources.filter(({ type }) => type === "somastack:docker:Job");

  before(async () => {
    run = await runProgram(cluster);
  });

  it("makes every resource below a component of SomaStack", () => {
    for (const { type, name, parent } of run.resources) {
      if (type === "somastack:index:SomaStack") continue;
      assert.match(parent, /somastack:index:[A-Za-z]+::/, `${type} ${name} has the parent ${parent}`);
    }
  });

  const owners: [string, string][] = [
    ["postgres", "DataTier"], ["kafka", "DataTier"], ["milvus", "DataTier"], ["keycloak", "ControlPlane"], ["gateway", "ControlPlane"],
    ["conversation-worker", "ControlPlane"], ["brain", "Brain"], ["memory", "Memory"], ["health", "Observability"], ["temporal", "Observability"],
  ];
  for (const [name, owner] of owners) {
    it(`puts ${name} below ${owner}`, () => {
      assert.match(container(name).parent, new RegExp(`:${owner}::`));
    });
  }

  it("asks for the network before the secrets, which depend on nothing", () => {
    const place = run.resources.findIndex(({ type }) => type === "docker:index/network:Network");
    const secrets = run.resources.filter(({ type }) => type.startsWith("random:"));
    assert.ok(place >= 0 && secrets.length > 10);
    assert.ok(secrets.every((secret) => run.resources.indexOf(secret) > place));
    assert.deepEqual(secrets.flatMap(({ dependencies }) => dependencies), []);
  });

  it("publishes on 127.0.0.1 only", () => {
    for (const { name, inputs } of containers()) {
      for (const port of (inputs["ports"] ?? []) as { ip: string }[]) assert.equal(port.ip, "127.0.0.1", name);
    }
  });

  it("hardens every container: limits, no swap, no capabilities, no new privileges, a health check that is waited for", () => {
    for (const { name, inputs } of containers()) {
      assert.ok(Number(inputs["memory"]) > 0 && inputs["memory"] === inputs["memorySwap"], `${name}: memory`);
      assert.ok(Number(inputs["cpus"]) > 0, `${name}: cpus`);
      assert.deepEqual(inputs["capabilities"], { drops: ["ALL"] }, name);
      assert.deepEqual(inputs["securityOpts"], ["no-new-privileges:true"], name);
      assert.equal(inputs["wait"], true, name);
      assert.ok(((inputs["healthcheck"] as { tests: string[] }).tests.length) > 1, `${name}: health check`);
      assert.equal(inputs["restart"], "unless-stopped", name);
      assert.equal("privileged" in inputs, false, name);
      assert.doesNotMatch(JSON.stringify(inputs), /docker\.sock/, name);
    }
  });

  it("has a read-only root wherever Docker can combine it with the files", () => {
    for (const name of ["gateway", "admin", "brain", "memory", "postgres", "redis", "spicedb", "health"]) assert.equal(container(name).inputs["readOnly"], true, name);
  });

  it("runs images by id", () => {
    for (const { name, inputs } of containers()) assert.match(String(inputs["image"]), /^sha256:/, name);
  });

  it("lets the gateway wait for the migration chain, by dependency and not by sleep", () => {
    const waits = container("gateway").dependencies.map(nameOf);
    for (const name of ["migrate-agent", "realm", "spicedb-schema", "opa", "redis", "brain", "memory"]) assert.ok(waits.includes(name), `${name} in ${waits.join()}`);
  });

  it("chains the migrations Memory -> Brain -> Agent after the roles", () => {
    const after = (name: string): string[] => find("somastack:docker:Job", name).dependencies.map(nameOf);
    assert.ok(after("migrate-memory").includes("roles"));
    assert.ok(after("migrate-brain").includes("migrate-memory"));
    assert.ok(after("migrate-agent").includes("migrate-brain"));
    assert.ok(after("roles").includes("postgres"));
    for (const name of ["migrate-memory", "migrate-brain", "migrate-agent"]) assert.match(find("somastack:docker:Job", name).parent, /::database-migrations$/);
  });

  it("makes data services without waiting for each other", () => {
    for (const name of ["postgres", "redis", "kafka", "etcd", "minio"]) {
      const blockers = container(name).dependencies.map(nameOf).filter((other) => containers().some((candidate) => candidate.name === other && other !== name));
      assert.deepEqual(blockers, [], name);
    }
  });

  it("protects data volumes and generated secrets", () => {
    const kept = run.resources.filter(({ type }) => /volume:Volume|randomPassword|randomBytes/.test(type));
    assert.ok(kept.length > 10);
    for (const { type, name, protect } of kept) assert.equal(protect, true, `${type} ${name}`);
  });

  it("declares every volume and generated secret in every mode, so that a smaller mode deletes none", async () => {
    const kept = ({ resources }: Run): string[] => resources.filter(({ type }) => /volume:Volume|randomPassword|randomBytes/.test(type)).map(({ type, name, parent }) => `${parent} ${type} ${name}`).sort();
    const complete = kept(run);
    for (const config of [{}, { ...cluster, saasMode: "true" }, { redisUrl: "redis://:S3cretS3cret@redis.example.com:6379/0" }, { secretKey: "0123456789abcdef0123456789abcdef" }]) {
      assert.deepEqual(kept(await runProgram(config)), complete, JSON.stringify(config));
    }
  });

  it("keeps data in PROD whatever happens to the stack", async () => {
    const production = await runProgram({ deploymentMode: "PROD", allowedHosts: "agent.example.com", openaiApiKey: "sk-1" }, {}, ["openaiApiKey"]);
    const volumes = production.resources.filter(({ type }) => type === "docker:index/volume:Volume");
    assert.ok(volumes.length > 0 && volumes.every(({ protect, retainOnDelete }) => protect && retainOnDelete));
  });

  it("never hands a secret over in clear", () => {
    const secretSignature = "4dabf18193072939515e22adb298388d";
    for (const { name, inputs } of [...containers().filter((one) => one.name !== "jaeger"), ...jobs()]) {
      const environment = inputs["envs"] ?? inputs["environment"];
      if (JSON.stringify(environment).includes("-password")) assert.ok(secretSignature in (environment as object), `${name}: ${JSON.stringify(environment)}`);
    }
  });

  it("passes the explicit Docker provider to every Docker resource", () => {
    for (const { type, name, provider } of run.resources.filter((resource) => resource.type.startsWith("docker:"))) assert.match(provider, /pulumi:providers:docker::docker/, `${type} ${name}`);
  });

  it("gives the topology, the services' addresses and the health URL", () => {
    assert.deepEqual(run.outputs.topology.SomaStack.memory, ["memory"]);
    assert.equal(run.outputs.services["grafana"]?.url, "http://localhost:49100/");
    assert.equal(run.outputs.services["gateway"]?.memoryMib, 1536);
    assert.equal(run.outputs.healthUrl, "http://localhost:8010/health");
  });

  it("registers the same for the same input", async () => {
    const again = await runProgram(cluster);
    const shape = ({ resources }: Run): string[] => resources.map(({ type, name, inputs }) => `${type} ${name} ${JSON.stringify(inputs)}`).sort();
    assert.deepEqual(shape(again), shape(run));
  });

  it("names substitutes, and leaves out what cannot be had", async () => {
    const substituted = await runProgram(cluster, {
      "redis:7-alpine": { image: "somastack-toolchain/redis:7.0-x", source: "built", substitute: "Debian's Redis 7.0" },
      "grafana/grafana:11.6.0": { image: "grafana/grafana:11.6.0", source: "unavailable", reason: "no registry answers" },
    });
    assert.deepEqual(substituted.outputs.substitutes, ["grafana/grafana:11.6.0: left out (no registry answers)", "redis:7-alpine: Debian's Redis 7.0"]);
    assert.ok(!("grafana" in substituted.outputs.services));
  });
});
