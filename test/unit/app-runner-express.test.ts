import assert from "node:assert/strict";

import { planDeployment } from "../../services/deployment";
import { mismatches } from "../../services/requirements";
import { sizeOn } from "../../services/sizing";
import { frontHosts } from "../../settings/capabilities";
import { healthCheck } from "../../targets/app-runner/health";
import { refuseUnfit } from "../../targets/app-runner/fit";
import { physicalName } from "../../targets/app-runner/names";
import type { EntrySpec, ServiceSpec } from "../../targets/target";
import { runProgram, type Registered } from "./program-support";
import { cloud, faultsOf, load, production, productionSecrets } from "./settings-support";

const config = { ...cloud, softwareMode: "SomaStackClusterMode", deploymentTarget: "APP_RUNNER", appRunner: '{"engine": "express"}', accept: "express-address" };
const type = "aws:ecs/expressGatewayService:ExpressGatewayService";

describe("the program on APP_RUNNER with Express Mode, under mocks", function () {
  this.timeout(60_000);
  let resources: readonly Registered[];
  let target: Readonly<Record<string, unknown>>;
  before(async () => {
    const run = await runProgram({ ...config, ...production }, {}, [...productionSecrets]);
    resources = run.resources;
    target = run.outputs.target;
  });

  const all = (wanted: string): Registered[] => resources.filter((resource) => resource.type === wanted);
  const one = (wanted: string, name: string): Registered => {
    const found = all(wanted).find((resource) => resource.name === name);
    assert.ok(found, `no ${wanted} ${name}`);
    return found;
  };
  const container = (service: Registered) => service.inputs["primaryContainer"] as { image: string; containerPort: number; environments: { name: string; value: string }[]; secrets: { name: string; valueFrom: string }[]; awsLogsConfigurations: { logGroup: string; logStreamPrefix: string }[] };

  it("runs the front in the stack's cluster, without App Runner", () => {
    assert.deepEqual(all(type).map(({ name }) => name).sort(), ["admin", "gateway"]);
    assert.deepEqual(resources.filter(({ type: other }) => other.startsWith("aws:apprunner/")), []);
    for (const { inputs } of all(type)) assert.equal(inputs["cluster"], "somastack-dev");
    assert.equal(target["engine"], "express");
  });

  it("has the guide's minimum, the catalog's bounds, and three roles", () => {
    const { inputs } = one(type, "gateway");
    assert.deepEqual([inputs["cpu"], inputs["memory"], inputs["waitForSteadyState"]], ["4096", "16384", true]);
    assert.deepEqual(inputs["scalingTargets"], [{ minTaskCount: 2, maxTaskCount: 10, autoScalingMetric: "AVERAGE_CPU", autoScalingTargetValue: 60 }]);
    assert.equal(new Set(["executionRoleArn", "taskRoleArn", "infrastructureRoleArn"].map((role) => inputs[role])).size, 3);
    assert.match(String(one("aws:iam/role:Role", "express").inputs["assumeRolePolicy"]), /"Service":"ecs\.amazonaws\.com"/);
    assert.equal(all("aws:iam/rolePolicyAttachment:RolePolicyAttachment").find(({ name }) => name.startsWith("express-"))?.inputs["policyArn"], "arn:aws:iam::aws:policy/service-role/AmazonECSInfrastructureRoleforExpressGatewayServices");
  });

  it("runs images by digest, with secrets by reference and version, and logs under the stack's key", () => {
    for (const service of all(type)) {
      const { image, containerPort, environments, secrets, awsLogsConfigurations } = container(service);
      assert.match(image, /@sha256:[0-9a-f]{64}$/);
      assert.equal(containerPort, 9000);
      assert.ok(secrets.length > 5);
      for (const { name, valueFrom } of secrets) assert.match(valueFrom, /^arn:aws:secretsmanager:[^ ]+:::[0-9a-f]+$/, name);
      assert.deepEqual(environments.filter(({ name }) => secrets.some((secret) => secret.name === name)), []);
      assert.deepEqual(awsLogsConfigurations, [{ logGroup: `/somastack/dev/${service.name}`, logStreamPrefix: service.name }]);
      assert.ok(one("aws:cloudwatch/logGroup:LogGroup", service.name).inputs["kmsKeyId"]);
    }
  });

  it("is asked for health where it is ready, under hosts that the application accepts", () => {
    const { inputs } = one(type, "gateway");
    assert.equal(inputs["healthCheckPath"], "/api/v2/core/health/ready");
    const hosts = container(one(type, "gateway")).environments.find(({ name }) => name === "ALLOWED_HOSTS")?.value.split(",") ?? [];
    // As Django compares them: a leading dot stands for anything before it.
    const accepts = (host: string): boolean => hosts.some((pattern) => (pattern.startsWith(".") ? host.endsWith(pattern) : host === pattern));
    for (const host of ["10.20.4.7", "10.20.255.254", "ga-0123.ecs.us-east-1.on.aws", "agent.example.com"]) assert.ok(accepts(host), host);
    for (const host of ["example.org", "evil.on.aws", "ga.ecs.eu-west-1.on.aws"]) assert.ok(!accepts(host), host);
  });

  it("gives callers the address that ECS gives it", () => {
    const worker = String(one("aws:ecs/taskDefinition:TaskDefinition", "conversation-worker").inputs["containerDefinitions"]);
    assert.match(worker, /"SA01_WORKER_GATEWAY_BASE","value":"https:\/\/ga-[0-9a-f]{32}\.ecs\.us-east-1\.on\.aws"/);
  });

  it("waits for the end of each deployment, by its image", () => {
    const rollout = one("somastack:apprunner:ExpressRollout", "gateway");
    assert.equal(rollout.inputs["image"], container(one(type, "gateway")).image);
    assert.ok(rollout.dependencies.some((urn) => urn.endsWith(`${type}::gateway`)));
    assert.match(rollout.parent, /ControlPlane\$somastack:apprunner:ExpressService::gateway$/);
  });

  it("keeps roles until its services are gone", () => {
    const waits = one(type, "gateway").dependencies.map((urn) => urn.split("::").slice(2).join("::"));
    for (const policy of ["RolePolicyAttachment::express-AmazonECSInfrastructureRoleforExpressGatewayServices", "RolePolicy::gateway-execution"]) assert.ok(waits.some((urn) => urn.endsWith(policy)), policy);
  });
});

describe("the engine of APP_RUNNER", () => {
  const on = (engine: string) => planDeployment(load({ ...config, accept: "all", appRunner: JSON.stringify({ engine }) }));

  it("decides what the front cannot have", () => {
    const codes = (engine: string): string[] => [...new Set(mismatches(on(engine)).map(({ code }) => code))].sort();
    assert.deepEqual(codes("apprunner"), ["app-runner-closed", "below-minimum-size", "no-websocket"]);
    assert.deepEqual(codes("express"), ["express-address"]);
  });

  it("decides the size of the front alone", () => {
    for (const [engine, gateway] of [["apprunner", 12288], ["express", 16384]] as const) {
      const { services, settings } = on(engine);
      const size = (name: string) => services.filter((service) => service.name === name).map((service) => sizeOn(settings.values, service).memoryMib)[0];
      assert.deepEqual([size("gateway"), size("admin"), size("brain")], [gateway, gateway, 16384], engine);
    }
  });

  it("adds hosts for Express Mode only", () => {
    assert.deepEqual(frontHosts(on("apprunner").settings.values), []);
    assert.equal(frontHosts(on("express").settings.values).length, 257);
  });

  it("refuses a web ACL that cannot be put before Express services", () => {
    assert.deepEqual(faultsOf({ ...config, waf: "true" }).map(({ key }) => key), ["somastack:waf"]);
    assert.deepEqual(faultsOf({ ...config, waf: "true", appRunner: '{"engine": "apprunner"}' }), []);
  });
});

describe("what the front's engines take", () => {
  const entry: EntrySpec = { visibility: "public", hostname: "a.example.com", port: 9000, health: { port: 9000, path: "/ready" }, websocket: false };
  const health: ServiceSpec["health"] = { command: [], intervalSeconds: 5, timeoutSeconds: 4, startPeriodSeconds: 60, retries: 6 };
  const spec = { files: [], volumes: [], health } as unknown as ServiceSpec;

  it("asks by HTTP where no Host header is needed, and else whether connections are accepted", () => {
    assert.deepEqual(healthCheck(entry, health), { protocol: "HTTP", path: "/ready", interval: 10, timeout: 5, healthyThreshold: 1, unhealthyThreshold: 12 });
    assert.equal(healthCheck({ ...entry, health: { ...entry.health, host: "a" } }, health).protocol, "TCP");
    assert.equal(healthCheck(entry, { ...health, startPeriodSeconds: 600 }).unhealthyThreshold, 20);
  });

  it("names everything that one container cannot have", () => {
    assert.doesNotThrow(() => refuseUnfit("a", spec, entry));
    assert.doesNotThrow(() => refuseUnfit("a", { ...spec, command: ["serve", "--port=9000"] }, entry));
    const unfit = { ...spec, entrypoint: ["x"], command: ["sh", "-c", "a b"], files: [{ path: "/f", content: "" }], volumes: [{ volume: { volumeName: "v" }, path: "/v" }] };
    assert.throws(() => refuseUnfit("a", unfit, { ...entry, health: { port: 1, path: "/" } }), /a: APP_RUNNER .* an entrypoint other than its image's, a command with blanks or quotes in its parts, files, volumes, a health question on a port of its own$/);
  });

  it("cuts physical names at their end, where they do not differ", () => {
    assert.equal(physicalName("gateway", "a-very-long-name-of-a-stack-indeed", 32), "gateway-somastack-a-very-long-na");
  });
});
