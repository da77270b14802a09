import assert from "node:assert/strict";

import { fill, plainBindings, resolveEnvironment, type ResolvedEnvironment } from "../../services/bindings";
import { allJobs, chooseServices } from "../../services/catalog";
import { catalogFaults } from "../../services/check";
import { planDeployment } from "../../services/deployment";
import { inOrder } from "../../services/order";
import type { Service } from "../../services/types";
import { load } from "./settings-support";

const everything = chooseServices(() => true);
const names = (config: Record<string, string>): string[] => planDeployment(load(config)).services.map((service) => service.name).sort();
const cluster = { softwareMode: "SomaStackClusterMode" };

function service(name: string): Service {
  const found = everything.find((candidate) => candidate.name === name);
  assert.ok(found, `no service ${name}`);
  return found;
}

describe("catalog", () => {
  it("has no fault of its own", () => {
    assert.deepEqual(catalogFaults(everything, allJobs), []);
  });

  it("names a port outside the layer's range, a port published twice and an unknown predecessor", () => {
    const stray: Service = { ...service("gateway"), name: "stray", ports: [{ name: "http", container: 1, published: 30101, protocol: "http" }], after: ["nobody"] };
    const faults = catalogFaults([...everything, stray], allJobs);
    assert.equal(faults.length, 3, faults.join("\n"));
    assert.match(faults.join("\n"), /30101 is published by brain and by stray/);
    assert.match(faults.join("\n"), /30101 of stray lies outside 20020-20199/);
    assert.match(faults.join("\n"), /stray waits for nobody/);
  });

  it("refuses a secret inside other text", () => {
    const leaky: Service = { ...service("opa"), name: "leaky", ports: [], environment: { URL: "x:{secret.redis-password}@y" } };
    assert.match(catalogFaults([leaky], []).join("\n"), /mixes the secret/);
  });

  const published: Record<string, number[]> = {
    gateway: [20020], admin: [20042], keycloak: [20880], spicedb: [20051], opa: [20181], brain: [30101], memory: [10101],
    milvus: [19530], postgres: [5432], redis: [6379], kafka: [9092], minio: [9000, 9001], grafana: [49100], prometheus: [49090],
    jaeger: [49431], "temporal-ui": [49823], health: [8010],
  };
  for (const [name, ports] of Object.entries(published)) {
    it(`publishes ${name} on the guide's ${ports.join(" and ")}`, () => {
      assert.deepEqual(service(name).ports.flatMap((port) => port.published ?? []), ports);
    });
  }

  it("answers the guide's in-network URLs", () => {
    const bindings = plainBindings(planDeployment(load(cluster)));
    const urls = ["keycloak", "spicedb", "opa", "brain", "memory"].map((name) => bindings.get(`${name}.url`));
    assert.deepEqual(urls, ["http://keycloak:20880", "http://spicedb:20051", "http://opa:20181", "http://somabrain:30101", "http://somafractalmemory:10101"]);
  });

  it("orders every item after what it waits for", () => {
    const ordered = inOrder([...everything, ...allJobs]).map((item) => item.name);
    for (const item of [...everything, ...allJobs]) {
      for (const before of item.after) assert.ok(ordered.indexOf(before) < ordered.indexOf(item.name), `${before} before ${item.name}`);
    }
  });

  it("names a circle", () => {
    const job = allJobs[0];
    assert.ok(job);
    assert.throws(() => inOrder([{ ...job, name: "a", after: ["b"] }, { ...job, name: "b", after: ["a"] }]), /a -> b -> a/);
  });
});

describe("deployment", () => {
  it("StandAlone is the guide's local list with the health endpoint and Prometheus", () => {
    assert.deepEqual(names({}), ["admin", "gateway", "health", "keycloak", "opa", "postgres", "prometheus", "redis", "spicedb"]);
  });

  it("StandAlone with full observability adds Grafana, Jaeger and Temporal", () => {
    const added = names({ observability: "full" }).filter((name) => !names({}).includes(name));
    assert.deepEqual(added, ["grafana", "jaeger", "temporal", "temporal-ui"]);
  });

  it("SomaStackClusterMode is everything", () => {
    assert.deepEqual(names(cluster), everything.map((item) => item.name).sort());
  });

  it("SaaS mode has neither brain nor memory as services", () => {
    const saas = names({ ...cluster, saasMode: "true" });
    assert.deepEqual(names(cluster).filter((name) => !saas.includes(name)), ["brain", "brain-outbox", "memory", "memory-replicator"]);
  });

  const externals: [string, string, string[]][] = [
    ["redisUrl", "redis://redis.example.com:6379/0", ["redis"]],
    ["kafkaBootstrapServers", "b-1.example.com:9092", ["kafka"]],
    ["milvusHost", "milvus.example.com", ["etcd", "milvus"]],
    ["opaUrl", "https://opa.example.com", ["opa"]],
    ["somabrainApiUrl", "https://brain.example.com", ["brain", "brain-outbox"]],
    ["dbDsn", "postgresql://soma:S3cretS3cret@db.example.com:5432/somaagent01", ["postgres"]],
  ];
  for (const [key, value, gone] of externals) {
    it(`${key} names an external service, which is then not provisioned`, () => {
      const left = names({ ...cluster, [key]: value });
      assert.deepEqual(names(cluster).filter((name) => !left.includes(name)), gone);
    });
  }

  it("the guide's own default, written out, still provisions", () => {
    assert.ok(names({ opaUrl: "http://opa:20181" }).includes("opa"));
  });

  it("fits the guide's 15 GB in every mode", () => {
    for (const config of [{}, { observability: "full" }, cluster, { ...cluster, saasMode: "true" }]) {
      assert.ok(planDeployment(load(config)).memoryMib <= 15 * 1024, JSON.stringify(config));
    }
  });

  it("leaves a service out whose image cannot be had", () => {
    const left = planDeployment(load(cluster), new Set(["grafana"] as const)).services.map((item) => item.name);
    assert.ok(!left.includes("grafana"));
    assert.ok(left.includes("prometheus"));
  });

  it("has the same topology whatever the order of the configuration", () => {
    const { topology } = planDeployment(load(cluster));
    assert.deepEqual(topology.cognitive, ["brain", "brain-outbox"]);
    assert.deepEqual(topology.memory, ["memory"]);
    assert.deepEqual(topology.control, [...topology.control].sort());
    assert.deepEqual(planDeployment(load({ observability: "full", ...cluster })).topology, topology);
  });

  it("runs memory's and brain's migrations in the cluster only, and the agent's always last", () => {
    const chain = (config: Record<string, string>): string[] => inOrder(planDeployment(load(config)).jobs).map((job) => job.name).filter((name) => name.startsWith("migrate"));
    assert.deepEqual(chain({}), ["migrate-agent"]);
    assert.deepEqual(chain(cluster), ["migrate-memory", "migrate-brain", "migrate-agent"]);
  });

  it("lets no application of the migrated images start before the chain", () => {
    const { services, jobs } = planDeployment(load(cluster));
    const all = new Map([...services, ...jobs].map((item) => [item.name, item]));
    const reaches = (from: string, to: string): boolean => from === to || (all.get(from)?.after ?? []).some((name) => all.has(name) && reaches(name, to));
    for (const item of services.filter(({ image }) => ["agent", "brain", "memory"].includes(image))) {
      assert.ok(reaches(item.name, "migrate-agent"), `${item.name} waits for the chain`);
    }
  });
});

describe("environments", () => {
  const resolved = (name: string, config: Record<string, string>): ResolvedEnvironment<string, string> => {
    const bindings = plainBindings(planDeployment(load(config)));
    return resolveEnvironment(service(name).environment, (template) => fill(template, (key) => bindings.get(key)), (secret) => secret);
  };

  it("carries the guide's names and the code's", () => {
    const { plain, secret } = resolved("gateway", cluster);
    assert.equal(plain["KEYCLOAK_URL"], plain["SA01_KEYCLOAK_URL"]);
    assert.equal(plain["SOMABRAIN_API_URL"], "http://somabrain:30101");
    assert.equal(plain["SA01_SOMA_BASE_URL"], "http://somabrain:30101");
    assert.equal(plain["KAFKA_BOOTSTRAP_SERVERS"], "kafka:9092");
    assert.equal(secret["SPICEDB_API_KEY"], secret["SPICEDB_TOKEN"]);
  });

  it("one service token under its three names", () => {
    const tokens = [["gateway", "SOMA_MEMORY_API_TOKEN"], ["brain", "SOMABRAIN_MEMORY_HTTP_TOKEN"], ["memory", "SOMA_API_TOKEN"]] as const;
    assert.deepEqual(tokens.map(([name, variable]) => resolved(name, cluster).secret[variable]), Array(3).fill("memory-api-token"));
  });

  it("StandAlone has no cross-service address", () => {
    const { plain } = resolved("gateway", {});
    for (const variable of ["SOMABRAIN_API_URL", "SOMAMEMORY_API_URL", "MILVUS_HOST", "KAFKA_BOOTSTRAP_SERVERS"]) assert.ok(!(variable in plain), variable);
  });

  it("passes the feature flags and their settings through", () => {
    const { plain } = resolved("gateway", { voiceEnabled: "true", mcpEnabled: "false" });
    assert.deepEqual(
      ["MEMORY_ENABLED", "VOICE_ENABLED", "MCP_ENABLED", "CODE_EXECUTION_ENABLED"].map((name) => plain[name]),
      ["true", "true", "false", "false"],
    );
  });

  it("names the external address", () => {
    assert.equal(resolved("gateway", { opaUrl: "https://opa.example.com" }).plain["OPA_URL"], "https://opa.example.com");
  });

  it("does not let PROD answer to localhost", () => {
    const deployment = planDeployment(load({ deploymentMode: "PROD", allowedHosts: "agent.example.com", openaiApiKey: "sk-1" }, { secretKeys: new Set(["openaiApiKey"]) }));
    const hosts = plainBindings(deployment).get("stack.allowedHosts")?.split(",") ?? [];
    assert.ok(hosts.includes("agent.example.com") && hosts.includes("gateway") && !hosts.includes("localhost"), hosts.join());
  });

  it("migrates with PROD enforced", () => {
    for (const job of allJobs.filter(({ name }) => name.startsWith("migrate-"))) {
      assert.equal(job.environment["SA01_DEPLOYMENT_MODE"], "PROD");
      assert.deepEqual(job.entrypoint, ["python", "manage.py", "migrate", "--noinput"]);
    }
  });
});
