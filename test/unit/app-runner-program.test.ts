import assert from "node:assert/strict";

import { appRunnerSizes } from "../../settings/capabilities";
import { Resources } from "./aws-support";
import { runProgram, type Registered } from "./program-support";

const withoutZone = { softwareMode: "SomaStackClusterMode", domain: "agent.example.com", deploymentTarget: "APP_RUNNER", accept: "all" };
const config = { ...withoutZone, hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const production = { deploymentMode: "PROD", allowedHosts: "agent.example.com", openaiApiKey: "sk-of-a-test" };
const front = ["admin", "gateway"];
const types = {
  service: "aws:apprunner/service:Service", connector: "aws:apprunner/vpcConnector:VpcConnector", scaling: "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion",
  domain: "aws:apprunner/customDomainAssociation:CustomDomainAssociation", rollout: "somastack:apprunner:Rollout", ecs: "aws:ecs/service:Service", task: "aws:ecs/taskDefinition:TaskDefinition",
  role: "aws:iam/role:Role", policy: "aws:iam/rolePolicy:RolePolicy", record: "aws:route53/record:Record", alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
} as const;

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

interface ImageRepository {
  readonly imageIdentifier: string;
  readonly imageRepositoryType: string;
  readonly imageConfiguration: { readonly port: string; readonly runtimeEnvironmentVariables: Record<string, string>; readonly runtimeEnvironmentSecrets: Record<string, string> };
}

const source = ({ inputs }: Registered) => inputs["sourceConfiguration"] as { readonly autoDeploymentsEnabled: boolean; readonly authenticationConfiguration: { readonly accessRoleArn: string }; readonly imageRepository: ImageRepository };

describe("the program on APP_RUNNER, under mocks", function () {
  this.timeout(60_000);
  let resources: Resources;
  before(async () => {
    resources = new Resources(await runProgram(config));
  });

  it("runs the applications with a public entry on App Runner, and everything else on Fargate", () => {
    assert.deepEqual(resources.names(types.service), front);
    const others = resources.names(types.ecs);
    for (const name of ["brain", "memory", "keycloak", "spicedb", "opa", "milvus", "conversation-worker", "health"]) assert.ok(others.includes(name), name);
    for (const name of front) assert.ok(!others.includes(name), name);
    for (const { inputs } of resources.all(types.task)) assert.deepEqual(inputs["requiresCompatibilities"], ["FARGATE"]);
    assert.ok(resources.names("somastack:ecs:Job").includes("migrate-agent"));
  });

  it("gives brain and memory the guide's minimum, which App Runner does not have", () => {
    for (const name of ["brain", "memory"]) {
      const { inputs } = resources.one(types.task, name);
      assert.deepEqual([inputs["cpu"], inputs["memory"]], ["4096", "16384"], name);
    }
  });

  it("sizes instances as App Runner offers them", () => {
    for (const { name, inputs } of resources.all(types.service)) {
      const { cpu, memory } = inputs["instanceConfiguration"] as { cpu: string; memory: string };
      assert.ok(appRunnerSizes.some((row) => String(row.cpu * 1024) === cpu && row.memoryMib.map(String).includes(memory)), `${name}: ${cpu}/${memory}`);
      assert.deepEqual([cpu, memory], ["4096", "12288"], name);
    }
  });

  it("runs images of the stack's own registry by digest, pulled with a role that may pull nothing else", () => {
    for (const service of resources.all(types.service)) {
      const { autoDeploymentsEnabled, authenticationConfiguration, imageRepository } = source(service);
      assert.match(imageRepository.imageIdentifier, /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/.+@sha256:[0-9a-f]{64}$/, service.name);
      assert.deepEqual([autoDeploymentsEnabled, imageRepository.imageRepositoryType, imageRepository.imageConfiguration.port], [false, "ECR", "9000"], service.name);
      const role = resources.one(types.role, `${service.name}-access`);
      assert.match(String(role.inputs["assumeRolePolicy"]), /"Service":"build\.apprunner\.amazonaws\.com"/);
      assert.ok(authenticationConfiguration.accessRoleArn);
      const { Statement } = JSON.parse(String(resources.one(types.policy, `${service.name}-access`).inputs["policy"])) as { Statement: { Action: string[]; Resource: string | string[] }[] };
      for (const { Action, Resource } of Statement) {
        assert.ok(Action.every((action) => /^ecr:[A-Z]/.test(action) && !action.includes("*")), service.name);
        if (JSON.stringify(Resource).includes('"*"')) assert.deepEqual(Action, ["ecr:GetAuthorizationToken"]);
      }
    }
  });

  it("gives secrets by reference only, and deploys again when one has a new value", () => {
    for (const service of resources.all(types.service)) {
      const { runtimeEnvironmentSecrets, runtimeEnvironmentVariables } = source(service).imageRepository.imageConfiguration;
      assert.ok(Object.keys(runtimeEnvironmentSecrets).length > 5);
      for (const [variable, arn] of Object.entries(runtimeEnvironmentSecrets)) assert.match(arn, /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:/, variable);
      assert.deepEqual(Object.keys(runtimeEnvironmentVariables).filter((variable) => variable in runtimeEnvironmentSecrets), []);
      assert.doesNotMatch(JSON.stringify(service.inputs), /imagined[0-9a-f]{20}/);
      assert.match(runtimeEnvironmentVariables["SOMASTACK_SECRET_VERSIONS"] ?? "", /^[0-9a-f]{16}$/);
      const policy = JSON.stringify(JSON.parse(String(resources.one(types.policy, service.name).inputs["policy"])));
      assert.match(String(resources.one(types.role, service.name).inputs["assumeRolePolicy"]), /"Service":"tasks\.apprunner\.amazonaws\.com"/);
      for (const arn of Object.values(runtimeEnvironmentSecrets)) assert.ok(policy.includes(arn), `${service.name} may not read ${arn}`);
      assert.match(policy, /"kms:ViaService":\["secretsmanager\.us-east-1\.amazonaws\.com"\]/);
    }
  });

  it("encrypts with the stack's key", () => {
    for (const { name, inputs } of resources.all(types.service)) assert.match((inputs["encryptionConfiguration"] as { kmsKey: string }).kmsKey, /^arn:aws:kms:/, name);
  });

  it("reaches the network through a connector in the private subnets, with the connections that the application needs", () => {
    for (const name of front) {
      const { inputs } = resources.one(types.connector, name);
      assert.equal((inputs["subnets"] as string[]).length, 3);
      assert.equal((inputs["securityGroups"] as string[]).length, 1);
      const { egressConfiguration, ingressConfiguration } = resources.one(types.service, name).inputs["networkConfiguration"] as { egressConfiguration: Record<string, string>; ingressConfiguration: Record<string, unknown> };
      assert.equal(egressConfiguration["egressType"], "VPC");
      assert.ok(egressConfiguration["vpcConnectorArn"]);
      assert.deepEqual(ingressConfiguration, { isPubliclyAccessible: true });
      const egress = resources.names("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
      for (const rule of ["postgres-5432", "keycloak-20880", "outside-443"]) assert.ok(egress.includes(`${name}-to-${rule}`), `${name}-to-${rule}`);
    }
  });

  it("opens no way in the network to what answers outside it, and gives callers its address", () => {
    const ingress = resources.names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(ingress.filter((rule) => rule.includes("-to-gateway-") || rule.includes("-to-admin-")), []);
    const worker = String(resources.one(types.task, "conversation-worker").inputs["containerDefinitions"]);
    assert.match(worker, /"SA01_WORKER_GATEWAY_BASE","value":"https:\/\/agent\.example\.com"/);
    const health = JSON.parse(String(resources.one(types.task, "health").inputs["containerDefinitions"])) as { name: string; environment: { name: string; value: string }[] }[];
    const ops = JSON.parse(health.find(({ name }) => name === "health")?.environment.find(({ name }) => name === "OPS_CONFIG")?.value ?? "") as { checks: { service: string; url?: string; headers?: Record<string, string> }[] };
    const asked = (service: string) => ops.checks.find((check) => check.service === service);
    assert.deepEqual([asked("admin")?.url, asked("admin")?.headers], ["https://admin.agent.example.com/api/v2/core/health/ready", { Host: "admin.agent.example.com" }]);
    assert.match(asked("brain")?.url ?? "", /^http:\/\/somabrain\./);
  });

  it("knows that an instance accepts connections: it cannot send the Host header on which the application insists", () => {
    for (const { name, inputs } of resources.all(types.service)) {
      assert.deepEqual(inputs["healthCheckConfiguration"], { protocol: "TCP", interval: 10, timeout: 5, healthyThreshold: 1, unhealthyThreshold: 18 }, name);
    }
  });

  it("keeps one instance in development", () => {
    for (const { name, inputs } of resources.all(types.scaling)) assert.deepEqual([inputs["minSize"], inputs["maxSize"], inputs["maxConcurrency"]], [1, 1, 80], name);
  });

  it("answers under its own domain, whose certificate is proved in the hosted zone", () => {
    for (const [name, hostname] of [["gateway", "agent.example.com"], ["admin", "admin.agent.example.com"]] as const) {
      const { inputs } = resources.one(types.domain, name);
      assert.deepEqual([inputs["domainName"], inputs["enableWwwSubdomain"]], [hostname, false]);
      const alias = resources.one(types.record, name);
      assert.equal(alias.inputs["type"], "A");
      assert.match(JSON.stringify(alias.inputs["aliases"]), /awsapprunner\.com/);
      const proofs = [0, 1].map((index) => resources.one(types.record, `${name}-proof-${index}`).inputs);
      assert.deepEqual(proofs.map((proof) => proof["type"]), ["CNAME", "CNAME"]);
      assert.ok(new Set(proofs.map((proof) => proof["name"])).size === 2 && proofs.every((proof) => String(proof["name"]).endsWith(`${hostname}.`)));
    }
    assert.equal(resources.outputs.services["gateway"]?.url, "https://agent.example.com");
    assert.equal(resources.outputs.target["records"], undefined);
  });

  it("waits for the end of each deployment, and starts after the migrations", () => {
    assert.deepEqual(resources.names(types.rollout), front);
    for (const name of front) {
      const after = resources.one(types.service, name).dependencies.map((urn) => urn.split("::").slice(2).join("::"));
      for (const job of ["migrate-agent", "realm", "topics"]) assert.ok(after.some((urn) => urn.endsWith(`somastack:ecs:Job::${job}`)), job);
      for (const service of ["brain", "memory", "opa"]) assert.ok(after.some((urn) => urn.endsWith(`somastack:ecs:Rollout::${service}`)), service);
      const rollout = resources.one(types.rollout, name);
      assert.ok(rollout.dependencies.some((urn) => urn.endsWith(`aws:apprunner/service:Service::${name}`)));
      assert.equal(rollout.inputs["image"], source(resources.one(types.service, name)).imageRepository.imageIdentifier);
    }
  });

  it("makes everything of a service below the component of its layer, with the stack's provider", () => {
    for (const type of [types.service, types.connector, types.scaling, types.domain]) {
      for (const resource of resources.all(type)) {
        assert.match(resource.parent, new RegExp(`ControlPlane\\$somastack:apprunner:Service::${resource.name}$`));
        assert.match(resource.provider, /pulumi:providers:aws/);
      }
    }
    for (const name of front) assert.equal(nameOf(resources.one("somastack:apprunner:Service", name).parent), "control-plane");
  });

  it("watches errors, latency, processor and memory", () => {
    for (const name of front) {
      for (const signal of ["errors", "latency", "cpu", "memory"]) {
        const { inputs } = resources.one(types.alarm, `${name}-${signal}`);
        assert.equal(inputs["namespace"], "AWS/AppRunner");
        assert.deepEqual(Object.keys(inputs["dimensions"] as object).sort(), ["ServiceID", "ServiceName"]);
      }
    }
  });
});

describe("the program on APP_RUNNER with other settings, under mocks", function () {
  this.timeout(60_000);

  it("scales in production between the catalog's bounds, behind the web ACL when one is wanted", async () => {
    const resources = new Resources(await runProgram({ ...config, ...production, waf: "true" }, {}, ["openaiApiKey"]));
    const { inputs } = resources.one(types.scaling, "gateway");
    assert.deepEqual([inputs["minSize"], inputs["maxSize"]], [2, 10]);
    const association = "aws:wafv2/webAclAssociation:WebAclAssociation";
    for (const name of front) assert.match(String(resources.one(association, name).inputs["resourceArn"]), /^arn:aws:apprunner:/);
    assert.deepEqual(resources.all("aws:wafv2/webAcl:WebAcl").map((acl) => acl.inputs["name"]).sort(), ["somastack-dev", "somastack-dev-front"]);
  });

  it("tells the records that the user has to make without a hosted zone", async () => {
    const resources = new Resources(await runProgram({ ...withoutZone, certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012" }));
    assert.deepEqual(resources.all(types.record), []);
    const records = resources.outputs.target["records"] as Record<string, { target: string; proofs: { name: string; type: string; value: string }[] }>;
    assert.deepEqual(Object.keys(records).sort(), front);
    assert.match(records["gateway"]?.target ?? "", /awsapprunner\.com$/);
    assert.deepEqual(records["gateway"]?.proofs.map(({ type }) => type), ["CNAME", "CNAME"]);
  });
});
