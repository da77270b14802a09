import assert from "node:assert/strict";

import { runProgram, type Registered, type Run } from "./program-support";

/** Settings that PROD insists on. */
const production = { deploymentMode: "PROD", allowedHosts: "agent.example.com", openaiApiKey: "sk-of-a-test" };
const config = { deploymentTarget: "EC2", softwareMode: "SomaStackClusterMode", domain: "agent.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const types = {
  group: "aws:autoscaling/group:Group", template: "aws:ec2/launchTemplate:LaunchTemplate", refresh: "somastack:ec2:Refresh", job: "somastack:ec2:Job", association: "aws:ssm/association:Association",
  parameter: "aws:ssm/parameter:Parameter", object: "aws:s3/bucketObjectv2:BucketObjectv2", policy: "aws:iam/rolePolicy:RolePolicy", disk: "aws:ebs/volume:Volume",
} as const;

interface Statement {
  readonly Action: string[];
  readonly Resource: string[];
  readonly Condition?: Record<string, Record<string, string[]>>;
}

interface Document {
  readonly services: Record<string, { readonly image: string; readonly ports?: string[]; readonly depends_on?: Record<string, { condition: string }>; readonly environment: Record<string, string> }>;
  readonly "x-somastack": { readonly names: { id: string; address: string }[]; readonly credentials: { name: string; role: string }[]; readonly volumes: { name: string; id: string }[]; readonly secrets: { arn: string; version: string }[] };
}

/** What a run of the program registered, by type. */
class Resources {
  constructor(private readonly run: Run) {}

  all(type: string): readonly Registered[] {
    return this.run.resources.filter((resource) => resource.type === type);
  }

  one(type: string, name: string): Registered {
    const found = this.all(type).find((resource) => resource.name === name);
    assert.ok(found, `no ${type} ${name}`);
    return found;
  }

  document(name: string): Document {
    return JSON.parse(String(this.one(types.object, name).inputs["content"])) as Document;
  }

  statements(name: string): Statement[] {
    const found = this.all(types.policy).find((policy) => policy.name === name && policy.parent.includes("somastack:ec2:"));
    assert.ok(found, `no policy of ${name}`);
    return (JSON.parse(String(found.inputs["policy"])) as { Statement: Statement[] }).Statement;
  }

  /** Types and names of what a resource waits for. */
  after(type: string, name: string): string[] {
    return this.one(type, name).dependencies.map((urn) => `${urn.split("::")[2]?.split("$").at(-1)}::${urn.split("::").at(-1)}`);
  }

  get outputs(): Run["outputs"] {
    return this.run.outputs;
  }
}

describe("the program on EC2, under mocks", function () {
  this.timeout(60_000);
  let resources: Resources;
  before(async () => {
    resources = new Resources(await runProgram(config));
  });
  const names = (type: string): string[] => resources.all(type).map(({ name }) => name).sort();

  it("has a group a layer and one instance for the jobs, each with template, refresh and release", () => {
    const groups = ["brain", "control", "memory", "observability", "operations", "platform"];
    for (const type of [types.group, types.template, types.refresh]) assert.deepEqual(names(type), groups, type);
    for (const group of groups) assert.match(String(resources.one(types.object, group).inputs["key"]), new RegExp(`^groups/${group}/[0-9a-f]{64}\\.json$`));
    const members = (group: string): string[] => Object.keys(resources.document(group).services).sort();
    assert.deepEqual(members("platform"), ["credentials", "etcd", "keycloak", "milvus", "opa", "spicedb"]);
    assert.deepEqual(members("brain"), ["brain", "brain-outbox"]);
    assert.deepEqual(members("control"), ["admin", "admin-relay", "conversation-worker", "gateway", "gateway-relay", "memory-replicator", "tool-executor"]);
    assert.deepEqual(members("operations"), []);
  });

  it("starts machines with IMDSv2 one hop away, encrypted gp3, no public address and no key for SSH", () => {
    for (const { name, inputs } of resources.all(types.template)) {
      assert.deepEqual(inputs["metadataOptions"], { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 }, name);
      for (const { ebs } of inputs["blockDeviceMappings"] as { ebs: Record<string, unknown> }[]) assert.deepEqual([ebs["volumeType"], ebs["encrypted"]], ["gp3", "true"], name);
      const [networkInterface] = inputs["networkInterfaces"] as { associatePublicIpAddress: string; securityGroups: string[] }[];
      assert.equal(networkInterface?.associatePublicIpAddress, "false", name);
      assert.equal(inputs["keyName"], undefined);
      assert.match(String(inputs["imageId"]), /^ami-/);
    }
    assert.ok(!resources.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").some(({ inputs }) => inputs["fromPort"] === 22));
    const managed = resources.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(({ parent }) => parent.includes("somastack:ec2:Fleet")).map(({ inputs }) => inputs["policyArn"]);
    assert.deepEqual([...new Set(managed)], ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]);
    assert.equal(managed.length, resources.all(types.group).length);
  });

  it("puts no secret into user data or documents, and asks for each in the version that the update made", () => {
    for (const { name, inputs } of resources.all(types.template)) {
      const text = Buffer.from(String(inputs["userData"]), "base64").toString("utf8");
      assert.ok(text.startsWith("#cloud-config\n") && Buffer.byteLength(text) < 16_384, name);
      assert.doesNotMatch(text, /imagined[0-9a-f]{20}|arn:aws:secretsmanager/, name);
    }
    for (const { name, inputs } of resources.all(types.object)) assert.doesNotMatch(String(inputs["content"]), /imagined[0-9a-f]{20}/, name);
    const { secrets } = resources.document("control")["x-somastack"];
    assert.ok(secrets.length > 10);
    for (const { arn, version } of secrets) assert.ok(arn.startsWith("arn:") && version.length > 8);
  });

  it("runs images by digest", () => {
    for (const { name, inputs } of resources.all(types.object)) for (const [service, { image }] of Object.entries((JSON.parse(String(inputs["content"])) as Document).services)) assert.match(image, /@sha256:/, `${name}/${service}`);
  });

  it("starts from an explicit version, waits for healthy containers and leaves the version to the refresh", () => {
    for (const { name, inputs } of resources.all(types.group)) {
      assert.equal((inputs["launchTemplate"] as { version: string }).version, "1", name);
      const [hook] = inputs["initialLifecycleHooks"] as { lifecycleTransition: string; defaultResult: string }[];
      assert.deepEqual([hook?.lifecycleTransition, hook?.defaultResult], ["autoscaling:EC2_INSTANCE_LAUNCHING", "ABANDON"], name);
      assert.equal(inputs["healthCheckType"], ["control", "observability", "platform"].includes(name) ? "ELB" : "EC2", name);
      const { inputs: refresh } = resources.one(types.refresh, name);
      assert.deepEqual([refresh["group"], refresh["version"]], [`somastack-dev-${name}`, "1"]);
      assert.match(String(refresh["launchTemplate"]), /^lt-/);
    }
  });

  it("rolls without a gap where there is no data, and ends the old instance first where there is", () => {
    for (const [group, least, most] of [["control", 100, 200], ["brain", 100, 200], ["platform", 0, 100], ["observability", 0, 100]] as const) {
      const { inputs } = resources.one(types.refresh, group);
      assert.deepEqual([inputs["minHealthyPercent"], inputs["maxHealthyPercent"]], [least, most], group);
      assert.deepEqual(resources.one(types.group, group).inputs["instanceMaintenancePolicy"], { minHealthyPercentage: least, maxHealthyPercentage: most });
    }
  });

  it("keeps data on encrypted disks in the zone of their only instance", () => {
    for (const { name, inputs } of resources.all(types.disk)) {
      assert.deepEqual([inputs["encrypted"], inputs["type"]], [true, "gp3"], name);
      assert.ok(inputs["kmsKeyId"] && inputs["availabilityZone"]);
    }
    assert.deepEqual(resources.document("platform")["x-somastack"].volumes.map(({ name }) => name).sort(), ["etcd", "milvus"]);
    assert.equal((resources.one(types.group, "platform").inputs["vpcZoneIdentifiers"] as string[]).length, 1);
    assert.equal((resources.one(types.group, "control").inputs["vpcZoneIdentifiers"] as string[]).length, 3);
    const attach = resources.statements("platform").filter(({ Action }) => Action.includes("ec2:AttachVolume"));
    assert.deepEqual(attach.map(({ Resource }) => Resource.length), [2, 1]);
    assert.ok(!resources.statements("control").some(({ Action }) => Action.includes("ec2:AttachVolume")));
  });

  it("lets the gateway's group wait for the migrations, the realm, and the groups that it calls", () => {
    for (const type of [types.group, types.refresh]) {
      const after = resources.after(type, "control");
      for (const job of ["migrate-agent", "realm", "spicedb-schema", "topics"]) assert.ok(after.includes(`${types.job}::${job}`), `${type}: ${job}`);
      for (const service of ["brain", "memory", "opa", "jaeger"]) assert.ok(after.includes(`${types.parameter}::${service}`), `${type}: ${service}`);
    }
    assert.ok(resources.after(types.association, "realm").includes(`${types.parameter}::keycloak`));
    for (const { name } of resources.all(types.parameter)) assert.ok(resources.one(types.parameter, name).dependencies.some((urn) => urn.includes(types.refresh)), name);
    assert.ok(resources.after(types.parameter, "keycloak").includes(`${types.refresh}::platform`));
  });

  it("runs the migrations in order on the operations instance, each waited for", () => {
    for (const [job, earlier] of [["migrate-memory", "roles"], ["migrate-brain", "migrate-memory"], ["migrate-agent", "migrate-brain"]] as const) {
      assert.ok(resources.after(types.association, job).includes(`${types.job}::${earlier}`), job);
    }
    for (const { name, inputs } of resources.all(types.association)) {
      assert.deepEqual(inputs["targets"], [{ key: "tag:Name", values: ["somastack-dev-operations"] }], name);
      const { Name, Key } = inputs["parameters"] as Record<string, string>;
      assert.equal(Name, name);
      assert.match(Key ?? "", new RegExp(`^jobs/${name}/[0-9a-f]{64}\\.json$`));
      assert.ok(resources.after(types.association, name).includes(`${types.refresh}::operations`), name);
      assert.ok(resources.after(types.job, name).includes(`${types.association}::${name}`), name);
    }
    const { inputs } = resources.one(types.job, "migrate-agent");
    assert.equal(inputs["logGroup"], "/somastack/dev/migrate-agent");
    assert.match(String(inputs["logStream"]), /^migrate-agent\/[0-9a-f]{12}$/);
    assert.ok(Number(inputs["timeoutSeconds"]) > 900);
  });

  it("runs a job between two services of one group inside it", () => {
    const { services } = resources.document("observability");
    assert.deepEqual(services["temporal-ui"]?.depends_on?.["temporal-namespace"], { condition: "service_completed_successfully" });
    assert.deepEqual(services["temporal-namespace"]?.depends_on?.["temporal"], { condition: "service_healthy" });
    assert.ok(!names(types.job).includes("temporal-namespace"));
  });

  it("sends each entry to a port of the instance that no other has", () => {
    const groups = resources.all("aws:lb/targetGroup:TargetGroup");
    for (const { name, inputs } of groups) assert.equal(inputs["targetType"], "instance", name);
    const of = (name: string): [unknown, unknown, unknown] => {
      const { inputs } = resources.one("aws:lb/targetGroup:TargetGroup", name);
      const { port, path } = inputs["healthCheck"] as { port: string; path: string };
      return [inputs["port"], port, path];
    };
    assert.deepEqual(of("gateway"), [20020, "30020", "/"]);
    assert.deepEqual(of("admin"), [20042, "30042", "/"]);
    assert.deepEqual(of("keycloak"), [20880, "30880", "/health/ready"]);
    assert.equal((resources.one(types.group, "control").inputs["targetGroupArns"] as string[]).length, 2);
    for (const { name } of resources.all(types.group)) {
      const host = Object.values(resources.document(name).services).flatMap(({ ports = [] }) => ports).map((port) => port.replace(/:\d+$/, ""));
      assert.equal(new Set(host).size, host.length, `${name}: ${host.join(" ")}`);
    }
  });

  it("gives each service that other groups call an address and a name, and the others none", () => {
    const platform = resources.document("platform")["x-somastack"].names.map(({ address }) => address).sort();
    assert.deepEqual(platform, ["ETCD", "KEYCLOAK", "MILVUS", "OPA", "SPICEDB"].map((name) => `SOMASTACK_ADDRESS_${name}`));
    for (const { name, inputs } of resources.all(types.template)) {
      const [{ ipv4AddressCount } = {}] = inputs["networkInterfaces"] as { ipv4AddressCount?: number }[];
      assert.equal(ipv4AddressCount ?? 0, resources.document(name)["x-somastack"].names.length, name);
    }
    const registered = resources.all("aws:servicediscovery/service:Service").map(({ inputs }) => inputs["name"]);
    for (const name of ["somabrain", "somafractalmemory", "keycloak", "jaeger"]) assert.ok(registered.includes(name), name);
    assert.ok(!registered.includes("grafana"));
  });

  it("opens the catalog's connections between groups, and none within one", () => {
    const rules = resources.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ name }) => name);
    for (const rule of ["control-instances-to-brain-instances-30101", "control-instances-to-postgres-5432", "memory-instances-to-platform-instances-19530", "public-entrance-to-control-instances-20020", "operations-instances-to-platform-instances-20880"]) assert.ok(rules.includes(rule), rule);
    assert.ok(!rules.some((rule) => /^(.+)-instances-to-\1-instances-/.test(rule)));
  });

  it("lets instances do only what they need, and one service alone into the bucket", () => {
    const free = ["ecr:GetAuthorizationToken", "autoscaling:DescribeAutoScalingGroups", "ec2:DescribeTags", "ec2:DescribeVolumes", "cloudwatch:PutMetricData"];
    for (const { name } of resources.all(types.group)) {
      const statements = resources.statements(name);
      assert.ok(JSON.stringify(statements).length < 10_240, name);
      for (const { Action, Resource } of statements) {
        assert.ok(Action.every((action) => !action.includes("*")), name);
        if (Resource.includes("*")) assert.ok(Action.every((action) => free.includes(action)), `${name}: ${Action.join()}`);
      }
      assert.ok(!statements.some(({ Action, Resource }) => Action.includes("s3:PutObject") && !Resource.every((resource) => resource.endsWith("/done/*"))), name);
    }
    assert.deepEqual(resources.document("platform")["x-somastack"].credentials.map(({ name }) => name), ["milvus"]);
    const role = resources.all("aws:iam/role:Role").find(({ name, parent }) => name === "milvus" && parent.includes("somastack:ec2:Service"));
    assert.match(String(role?.inputs["assumeRolePolicy"]), /"Principal":\{"AWS":"arn:aws:iam:[^"]*platform-instances"\}/);
    assert.match(JSON.stringify(resources.statements("milvus")), /s3:GetObject/);
    assert.ok(resources.statements("platform").some(({ Action, Resource }) => Action[0] === "sts:AssumeRole" && Resource.length === 1));
    assert.ok(!resources.statements("control").some(({ Action }) => Action.includes("sts:AssumeRole")));
  });

  it("keeps releases in a private bucket, and old ones for the way back", () => {
    for (const { name, retainOnDelete } of resources.all(types.object)) assert.equal(retainOnDelete, true, name);
    const encryption = resources.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "releases");
    assert.match(JSON.stringify(encryption.inputs["rules"]), /"sseAlgorithm":"aws:kms"/);
    assert.equal(resources.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "releases").inputs["blockPublicPolicy"], true);
  });

  it("watches processor, memory, disk and number of every group", () => {
    const alarms = names("aws:cloudwatch/metricAlarm:MetricAlarm");
    for (const { name } of resources.all(types.group)) for (const signal of ["cpu", "memory", "disk", "count"]) assert.ok(alarms.includes(`${name}-${signal}`), `${name}-${signal}`);
  });

  it("makes what belongs to a service below the component of its layer, and machines below the fleet", () => {
    assert.match(resources.one("somastack:ec2:Service", "gateway").parent, /somastack:index:ControlPlane::control-plane$/);
    assert.match(resources.one(types.parameter, "gateway").parent, /ControlPlane\$somastack:ec2:Service::gateway$/);
    assert.match(resources.one(types.job, "migrate-agent").parent, /DatabaseMigrations\$somastack:ec2:Task::migrate-agent$/);
    for (const type of [types.group, types.template, types.refresh]) for (const { name, parent } of resources.all(type)) assert.match(parent, new RegExp(`somastack:ec2:Fleet\\$somastack:ec2:Group::${name}$`));
    for (const { name, provider } of [...resources.all(types.group), ...resources.all(types.association), ...resources.all(types.disk)]) assert.match(provider, /pulumi:providers:aws/, name);
    assert.equal(resources.outputs.target["groups"], "layers");
  });
});

describe("the program on EC2 in production, under mocks", function () {
  this.timeout(60_000);
  let resources: Resources;
  before(async () => {
    resources = new Resources(await runProgram({ ...config, ...production }, {}, ["openaiApiKey"]));
  });

  it("has several instances of what may run twice, in all zones, and sets apart what may not", () => {
    const sizes = Object.fromEntries(resources.all(types.group).map(({ name, inputs }) => [name, [inputs["minSize"], inputs["maxSize"]]]));
    assert.deepEqual(sizes, { brain: [2, 6], "brain-single": [1, 1], control: [2, 4], memory: [2, 6], observability: [1, 1], operations: [1, 1], platform: [2, 4], "platform-single": [1, 1] });
    const policies = resources.all("aws:autoscaling/policy:Policy").map(({ name }) => name).sort();
    assert.deepEqual(policies, ["brain-cpu", "control-cpu", "memory-cpu", "platform-cpu"]);
  });

  it("protects and keeps the bucket of the releases", () => {
    const { protect, retainOnDelete, inputs } = resources.one("aws:s3/bucket:Bucket", "releases");
    assert.deepEqual([protect, retainOnDelete, inputs["forceDestroy"]], [true, true, false]);
  });

  it("protects, keeps and copies the disks", () => {
    for (const { name, protect, retainOnDelete } of resources.all(types.disk)) assert.deepEqual([protect, retainOnDelete], [true, true], name);
    const [copies] = resources.all("aws:dlm/lifecyclePolicy:LifecyclePolicy");
    assert.match(JSON.stringify(copies?.inputs["policyDetails"]), /"targetTags":\{"somastack-data":"dev"\}/);
  });
});

describe("the program on EC2 with one group, under mocks", function () {
  this.timeout(60_000);

  it("runs everything on one instance, with the jobs between its services inside and the migrations before", async () => {
    const resources = new Resources(await runProgram({ ...config, ec2: '{"groups": "one"}' }));
    assert.deepEqual(resources.all(types.group).map(({ name }) => name).sort(), ["operations", "stack"]);
    const { services } = resources.document("stack");
    assert.deepEqual(services["gateway"]?.depends_on?.["realm"], { condition: "service_completed_successfully" });
    assert.deepEqual(services["realm"]?.depends_on?.["keycloak"], { condition: "service_healthy" });
    const jobs = resources.all(types.job).map(({ name }) => name);
    for (const job of ["roles", "migrate-memory", "migrate-brain", "migrate-agent", "topics", "spicedb-migrate", "temporal-schema"]) assert.ok(jobs.includes(job), job);
    for (const job of ["realm", "spicedb-schema", "temporal-namespace"]) assert.ok(!jobs.includes(job), job);
    assert.ok(resources.after(types.group, "stack").includes(`${types.job}::migrate-agent`));
    assert.ok(!resources.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").some(({ name }) => name.startsWith("stack-instances-to-stack-instances")));
    const host = Object.values(services).flatMap(({ ports = [] }) => ports).map((port) => port.replace(/:\d+$/, ""));
    assert.equal(new Set(host).size, host.length);
  });
});
