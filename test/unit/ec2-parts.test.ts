import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

import fc from "fast-check";
import { parse } from "yaml";

import { renderDocument, type KnownValues, type Part } from "../../targets/ec2/document";
import { entryPorts } from "../../targets/ec2/entry-ports";
import { graphOf, type Node } from "../../targets/ec2/graph";
import { catalogGroups, groupsOf, instancesOf } from "../../targets/ec2/placement";
import { largestUserData, userData } from "../../targets/ec2/user-data";
import { projectRoot } from "../../toolchain/paths";
import { withFolder } from "./temporary-folder";

const one = { min: 1, max: 1 };
const script = join(projectRoot, "targets", "ec2", "files", "somastack.sh");

describe("groups of instances", () => {
  it("are the layers of the catalog, our applications apart from what they stand on", () => {
    const groups = catalogGroups("layers");
    const expected = { platform: ["keycloak", "spicedb", "opa", "milvus", "etcd"], control: ["gateway", "admin", "conversation-worker"], brain: ["brain", "brain-outbox"], memory: ["memory"], observability: ["prometheus", "grafana", "jaeger", "temporal", "temporal-ui", "health"] };
    for (const [group, services] of Object.entries(expected)) for (const service of services) assert.equal(groups.get(service), group, service);
    assert.deepEqual([...new Set(catalogGroups("one").values())], ["stack"]);
  });

  it("set apart what must not run twice only where others should", () => {
    const many = { min: 2, max: 6 };
    const layers = groupsOf([{ name: "brain", replicas: many }, { name: "brain-outbox", replicas: one }, { name: "grafana", replicas: one }, { name: "memory", replicas: many }], "layers");
    assert.deepEqual(Object.fromEntries(layers), { brain: "brain", "brain-outbox": "brain-single", grafana: "observability", memory: "memory" });
    assert.deepEqual([...groupsOf([{ name: "brain", replicas: many }, { name: "grafana", replicas: one }], "one").values()], ["stack", "stack"]);
  });

  it("have as many instances as each of their services may have", () => {
    assert.deepEqual(instancesOf([{ name: "a", replicas: { min: 2, max: 10 } }, { name: "b", replicas: { min: 3, max: 4 } }]), { min: 3, max: 4 });
    assert.deepEqual(instancesOf([{ name: "a", replicas: { min: 2, max: 10 } }, { name: "b", replicas: one }]), one);
  });
});

describe("the graph of groups and jobs", () => {
  const node = (name: string, group: string | undefined, ...after: string[]): Node => ({ name, ...(group === undefined ? {} : { group }), after });

  it("keeps a job inside that lies between two services of one group, and no other", () => {
    const { inside, before } = graphOf([
      node("roles", undefined, "postgres"), node("idp", "platform", "roles"), node("realm", undefined, "idp"), node("web", "control", "realm", "flow"),
      node("flow", "watch", "roles"), node("namespace", undefined, "flow"), node("page", "watch", "namespace"),
    ]);
    assert.deepEqual(Object.fromEntries(inside), { namespace: "watch" });
    assert.deepEqual([...(before.get("control") ?? [])].sort(), ["realm", "watch"]);
    assert.deepEqual([...(before.get("watch") ?? [])], ["roles"]);
    assert.deepEqual([...(before.get("realm") ?? [])], ["platform"]);
  });

  it("has a job inside a single group for every chain between its services, and migrations never", () => {
    const { inside } = graphOf([node("migrate", undefined), node("idp", "stack", "migrate"), node("realm", undefined, "idp"), node("client", undefined, "realm"), node("web", "stack", "client", "migrate")]);
    assert.deepEqual(Object.fromEntries(inside), { realm: "stack", client: "stack" });
  });

  it("refuses groups that wait for each other, by name", () => {
    assert.throws(() => graphOf([node("a", "one", "b"), node("b", "two", "c"), node("c", "one")]), /groups of instances wait for each other: (one -> two -> one|two -> one -> two)/);
  });

  it("orders every place after what its members need, whatever the declarations", () => {
    const order = fc.array(fc.record({ group: fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined }), picks: fc.array(fc.nat(), { maxLength: 3 }) }), { maxLength: 12 });
    fc.assert(fc.property(order, (items) => {
      const nodes = items.map(({ group, picks }, index) => node(`n${index}`, group, ...(index === 0 ? [] : picks.map((pick) => `n${pick % index}`))));
      let graph;
      try {
        graph = graphOf(nodes);
      } catch {
        return;
      }
      const { inside, before } = graph;
      const place = (name: string): string => nodes.find((found) => found.name === name)?.group ?? inside.get(name) ?? name;
      for (const { name, after } of nodes) for (const other of after) assert.ok(place(name) === place(other) || before.get(place(name))?.has(place(other)) === true);
    }));
  });
});

describe("the document of a group", () => {
  const known: KnownValues = { image: "r/web@sha256:1", helper: "r/ops@sha256:2", environment: { PRICE: "5$" }, secrets: { PASSWORD: { name: "db-agent", arn: "arn:s", version: "v1" } }, files: [], logGroup: "/g" };
  const health = { command: ["sh", "-c", "echo $HOME"], intervalSeconds: 5, timeoutSeconds: 4, startPeriodSeconds: 60, retries: 6 };
  const spec = { image: { imageName: "web", reference: "web" }, helper: { imageName: "ops", reference: "ops" }, environment: {}, secrets: {}, files: [], readOnlyRoot: true, tmpfs: ["/tmp"], cpu: 1, memoryMib: 512, calls: [] };
  const service: Part = {
    name: "web", after: [{ name: "setup", ends: true }], aliases: ["web.dev.somastack.internal"], known: { ...known, nameId: "srv-1", files: [{ path: "/etc/web/a.yml", content: "cost: $1\n" }] },
    spec: { ...spec, health, ports: [{ name: "http", container: 9000, published: 20020, protocol: "http" }], aliases: [], volumes: [{ volume: { volumeName: "data" }, path: "/data" }], entry: { visibility: "public", hostname: "h", port: 9000, health: { port: 9000, path: "/ready", host: "web" }, websocket: true } },
  };
  const job: Part = { name: "setup", after: [], aliases: [], known, spec: { ...spec, command: ["go"] } };
  const render = (...parts: Part[]): string => renderDocument({ region: "eu-west-1", parts, volumes: [{ name: "data", id: "vol-1" }], stream: (name) => `\${SOMASTACK_INSTANCE_ID}/${name}` });
  type Document = { services: Record<string, Record<string, unknown>>; "x-somastack": Record<string, unknown[]> } & Record<string, unknown>;
  const document = (...parts: Part[]): Document => JSON.parse(render(...parts)) as Document;

  it("names secrets by variable, ARN and version, and doubles the dollars of all else", () => {
    const { services, "x-somastack": told } = document(service, job);
    assert.deepEqual(services["web"]?.["environment"], { PASSWORD: "${SOMASTACK_SECRET_DB_AGENT:?}", PRICE: "5$$" });
    assert.deepEqual(told["secrets"], [{ variable: "SOMASTACK_SECRET_DB_AGENT", arn: "arn:s", version: "v1" }]);
    assert.deepEqual(told["files"], [{ name: "web-0", content: "cost: $$1\n" }]);
    assert.deepEqual((services["web"]?.["healthcheck"] as { test: string[] }).test.at(-1), "echo $$HOME");
  });

  it("hardens every container and limits it without swap", () => {
    for (const [name, container] of Object.entries(document(service, job, { ...service, name: "store", known: { ...known, role: "arn:role" } }).services)) {
      assert.deepEqual([container["cap_drop"], container["security_opt"], container["read_only"]], [["ALL"], ["no-new-privileges:true"], true], name);
      assert.match(JSON.stringify(container["deploy"]), /"memory":"\d+M"/, name);
      assert.equal(container["memswap_limit"], (container["deploy"] as { resources: { limits: { memory: string } } }).resources.limits.memory, name);
      assert.equal((container["logging"] as { driver: string }).driver, "awslogs", name);
      assert.equal(container["privileged"], undefined, name);
    }
  });

  it("publishes a service on an address of its own, and the load balancer's ports on the instance's", () => {
    const { services, "x-somastack": told } = document(service, job);
    assert.deepEqual(services["web"]?.["ports"], ["${SOMASTACK_ADDRESS_WEB:?}:9000:9000", "${SOMASTACK_ADDRESS:?}:20020:9000"]);
    assert.deepEqual(told["names"], [{ id: "srv-1", address: "SOMASTACK_ADDRESS_WEB" }]);
    assert.deepEqual(services["web-relay"]?.["ports"], ["${SOMASTACK_ADDRESS:?}:30020:8099"]);
    assert.deepEqual(JSON.parse((services["web-relay"]?.["environment"] as { OPS_CONFIG: string }).OPS_CONFIG), { port: 8099, target_host: "web", target_port: 9000, path: "/ready", host: "web" });
  });

  it("waits for jobs inside, runs them once and mounts data and files from the instance", () => {
    const { services, volumes, configs } = document(service, job);
    assert.deepEqual(services["web"]?.["depends_on"], { setup: { condition: "service_completed_successfully" } });
    assert.equal(services["setup"]?.["restart"], "no");
    assert.deepEqual(volumes, { data: { driver: "local", driver_opts: { type: "none", o: "bind", device: "/var/lib/somastack/volumes/data/data" } } });
    assert.deepEqual(configs, { "web-0": { file: "/var/lib/somastack/files/web-0" } });
  });

  it("gives a service with rights at AWS the credentials of its own role, and others no way to them", () => {
    const { services, networks } = document(job, { ...service, name: "store", known: { ...known, role: "arn:role" } });
    assert.equal((services["store"]?.["environment"] as Record<string, string>)["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"], "/store.json");
    assert.deepEqual(Object.keys(services["store"]?.["networks"] as object), ["default", "credentials"]);
    assert.deepEqual(services["credentials"]?.["networks"], { credentials: { ipv4_address: "169.254.170.2" } });
    assert.equal((networks as { credentials: { internal: boolean } }).credentials.internal, true);
    assert.equal(document(service, job).services["credentials"], undefined);
  });

  it("is the same for the same input, and another one for another secret version", () => {
    assert.equal(render(service, job), render(service, job));
    const newer = { ...service, known: { ...service.known, secrets: { PASSWORD: { name: "db-agent", arn: "arn:s", version: "v2" } } } };
    assert.notEqual(render(service), render(newer));
  });

  it("asks for health elsewhere than the traffic only where it must", () => {
    const ports = [{ name: "http", container: 3000, published: 49100, protocol: "http" as const }];
    assert.deepEqual(entryPorts({ visibility: "internal", hostname: "h", port: 3000, health: { port: 3000, path: "/h" }, websocket: false }, ports), { traffic: 49100, health: 49100, relayed: false, healthPath: "/h" });
    assert.deepEqual(entryPorts({ visibility: "internal", hostname: "h", port: 3000, health: { port: 9, path: "/h" }, websocket: false }, ports), { traffic: 49100, health: 59100, relayed: false, healthPath: "/h" });
  });
});

describe("the user data of an instance", () => {
  const longest = userData({
    region: "ap-southeast-99", bucket: "b".repeat(63), key: `groups/${"g".repeat(40)}/${"a".repeat(64)}.json`, group: "g".repeat(255), hook: "ready", logGroup: "l".repeat(512), metrics: "m".repeat(255),
  });
  interface CloudConfig {
    readonly packages: string[];
    readonly runcmd: string[];
    readonly write_files: readonly { readonly path: string; readonly content: string; readonly permissions?: string }[];
  }
  const config = parse(longest) as CloudConfig;
  const file = (path: string): string => config.write_files.find((candidate) => candidate.path === path)?.content ?? "";

  it("stays under its limit at the longest names", () => assert.ok(Buffer.byteLength(longest) < largestUserData, `${Buffer.byteLength(longest)} bytes`));

  it("is a cloud-config that installs from Ubuntu's archive and AWS alone", () => {
    assert.ok(longest.startsWith("#cloud-config\n"));
    assert.deepEqual(config.packages, ["amazon-ecr-credential-helper", "docker-compose-v2", "docker.io", "jq"]);
    for (const [url] of longest.matchAll(/https?:\/\/[^\s'"]+/g)) assert.match(url, /^(http:\/\/169\.254\.169\.254|https:\/\/amazoncloudwatch-agent-[a-z0-9-]+\.s3\.[a-z0-9-]+\.amazonaws\.com)\//);
  });

  it("tells the instance where its release is, and nothing secret", () => {
    assert.match(file("/etc/somastack/instance"), /^REGION='ap-southeast-99'\nBUCKET='b+'\nKEY='groups\/g+\/a{64}\.json'\nGROUP='g+'\nHOOK='ready'\n$/);
    assert.doesNotMatch(longest, /arn:aws:secretsmanager|SecretString=|ssh/);
  });

  it("measures memory and disk and ships the log of the start", () => {
    const agent = JSON.parse(file("/etc/somastack/cloudwatch.json")) as { metrics: { metrics_collected: object }; logs: { logs_collected: { files: { collect_list: { file_path: string; log_stream_name: string }[] } } } };
    assert.deepEqual(Object.keys(agent.metrics.metrics_collected), ["mem", "disk"]);
    assert.deepEqual(agent.logs.logs_collected.files.collect_list[0], { file_path: "/var/log/somastack.log", log_group_name: "l".repeat(512), log_stream_name: "{instance_id}" });
  });

  it("carries a script that bash accepts, whole", () => {
    assert.equal(spawnSync("bash", ["-n", script]).status, 0);
    assert.equal(spawnSync("bash", ["-n"], { input: file("/opt/somastack/somastack") }).status, 0);
    assert.match(file("/opt/somastack/somastack"), /^#!\/bin\/bash\n/);
  });

  it("obeys the schema of cloud-init, where that is installed", function () {
    const { error, status, stdout, stderr } = withFolder({ "user-data.yaml": longest }, (folder) => spawnSync("cloud-init", ["schema", "--config-file", join(folder, "user-data.yaml")], { encoding: "utf8" }));
    if (error !== undefined) this.skip();
    assert.equal(status, 0, stdout + stderr);
  });
});
