import assert from "node:assert/strict";

import { fargateSizes } from "../../settings/capabilities";
import { largestTaskDefinition } from "../../targets/ecs/containers";
import { runProgram, type Registered, type Run } from "./program-support";

/** Settings that PROD insists on. */
const production = { deploymentMode: "PROD", allowedHosts: "agent.example.com", openaiApiKey: "sk-of-a-test" };
const config = { softwareMode: "SomaStackClusterMode", domain: "agent.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const types = {
  service: "aws:ecs/service:Service", task: "aws:ecs/taskDefinition:TaskDefinition", rollout: "somastack:ecs:Rollout", job: "somastack:ecs:Job",
  policy: "aws:iam/rolePolicy:RolePolicy", scaling: "aws:appautoscaling/policy:Policy",
} as const;

interface Container {
  readonly name: string;
  readonly image: string;
  readonly user?: string;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly [key: string]: unknown;
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

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

  containers(name: string): Container[] {
    return JSON.parse(String(this.one(types.task, name).inputs["containerDefinitions"])) as Container[];
  }

  get outputs(): Run["outputs"] {
    return this.run.outputs;
  }
}

describe("the program on FARGATE, under mocks", function () {
  this.timeout(60_000);
  let resources: Resources;
  before(async () => {
    resources = new Resources(await runProgram({ ...config, deploymentTarget: "FARGATE" }));
  });

  const services = (): readonly Registered[] => resources.all(types.service);
  const tasks = (): readonly Registered[] => resources.all(types.task);

  it("has one cluster with Container Insights, whose ECS Exec would be logged under the stack's key", () => {
    const [cluster] = resources.all("aws:ecs/cluster:Cluster");
    assert.deepEqual(cluster?.inputs["settings"], [{ name: "containerInsights", value: "enhanced" }]);
    const { executeCommandConfiguration } = cluster?.inputs["configuration"] as { executeCommandConfiguration: { logging: string; kmsKeyId: string; logConfiguration: { cloudWatchEncryptionEnabled: boolean } } };
    assert.equal(executeCommandConfiguration.logging, "OVERRIDE");
    assert.ok(executeCommandConfiguration.kmsKeyId);
    assert.equal(executeCommandConfiguration.logConfiguration.cloudWatchEncryptionEnabled, true);
    assert.deepEqual(resources.all("aws:autoscaling/group:Group"), []);
  });

  it("sizes every task as Fargate offers it, the applications at the guide's minimum", () => {
    for (const { name, inputs } of tasks()) {
      assert.ok(fargateSizes.some(({ cpu, memoryMib }) => String(cpu * 1024) === inputs["cpu"] && memoryMib.map(String).includes(String(inputs["memory"]))), `${name}: ${inputs["cpu"]}/${inputs["memory"]}`);
      assert.deepEqual([inputs["networkMode"], inputs["requiresCompatibilities"]], ["awsvpc", ["FARGATE"]]);
    }
    for (const name of ["gateway", "admin", "brain", "memory"]) {
      const { inputs } = resources.one(types.task, name);
      assert.deepEqual([inputs["cpu"], inputs["memory"], inputs["ephemeralStorage"]], ["4096", "16384", { sizeInGib: 30 }], name);
    }
    assert.equal(resources.one(types.task, "opa").inputs["ephemeralStorage"], undefined);
  });

  it("hardens every container and runs images by digest", () => {
    for (const { name } of tasks()) {
      for (const container of resources.containers(name)) {
        assert.match(container.image, /@sha256:/, `${name}/${container.name}`);
        assert.deepEqual(container["linuxParameters"], { capabilities: { drop: ["ALL"] }, initProcessEnabled: true });
        assert.equal(container["privileged"], false);
        assert.ok(container["logConfiguration"], name);
      }
    }
    for (const name of ["gateway", "brain", "memory", "opa", "spicedb", "health", "grafana"]) assert.equal(resources.containers(name)[0]?.["readonlyRootFilesystem"], true, name);
  });

  it("gives no secret in clear, and asks for each in the version that the update made", () => {
    for (const { name, inputs } of tasks()) {
      assert.doesNotMatch(String(inputs["containerDefinitions"]), /imagined[0-9a-f]{20}/, name);
      for (const secret of resources.containers(name).flatMap((container) => container.secrets ?? [])) assert.match(secret.valueFrom, /^arn:[^ ]+:::/, `${name}: ${secret.name}`);
    }
    assert.ok((resources.containers("gateway")[0]?.secrets ?? []).length > 5);
  });

  it("keeps every task definition far below the limit of ECS", () => {
    for (const { name, inputs } of tasks()) assert.ok(String(inputs["containerDefinitions"]).length < largestTaskDefinition / 2, name);
  });

  it("prepares folders and files before their container starts", () => {
    const [grafana, files] = resources.containers("grafana");
    assert.deepEqual(grafana?.["dependsOn"], [{ containerName: "files", condition: "SUCCESS" }]);
    const { folders, archive } = JSON.parse(files?.environment?.[0]?.value ?? "") as { folders: unknown[]; archive: string };
    assert.equal(folders.length, 3);
    assert.ok(archive.length > 500);
    const volumes = resources.one(types.task, "grafana").inputs["volumes"] as { name: string }[];
    assert.deepEqual(volumes.map(({ name }) => name), ["folder-0", "folder-1", "folder-2", "data-0"]);
  });

  it("answers health questions that need a Host header by a relay", () => {
    const names = resources.containers("gateway").map(({ name }) => name);
    assert.deepEqual(names, ["gateway", "files", "relay"]);
    assert.ok(!resources.containers("keycloak").some(({ name }) => name === "relay"));
  });

  it("mounts volumes by TLS and role, from an encrypted file system", () => {
    const [volume] = (resources.one(types.task, "milvus").inputs["volumes"] as { efsVolumeConfiguration?: { transitEncryption: string; authorizationConfig: { iam: string; accessPointId: string } } }[]).filter((entry) => entry.efsVolumeConfiguration);
    assert.equal(volume?.efsVolumeConfiguration?.transitEncryption, "ENABLED");
    assert.equal(volume?.efsVolumeConfiguration?.authorizationConfig.iam, "ENABLED");
    assert.ok(volume.efsVolumeConfiguration.authorizationConfig.accessPointId);
    const [fileSystem] = resources.all("aws:efs/fileSystem:FileSystem");
    assert.equal(fileSystem?.inputs["encrypted"], true);
    assert.ok(fileSystem?.inputs["kmsKeyId"]);
    assert.equal(resources.all("aws:efs/mountTarget:MountTarget").length, 3);
    assert.match(String(resources.all("aws:efs/fileSystemPolicy:FileSystemPolicy")[0]?.inputs["policy"]), /"Effect":"Deny".*aws:SecureTransport/);
    const waits = resources.one(types.service, "milvus").dependencies.map(nameOf);
    for (const name of ["files-0", "files-1", "files-2"]) assert.ok(waits.includes(name), name);
  });

  it("lets tasks do only what they need, and ECS read only their secrets", () => {
    for (const { name, inputs } of resources.all(types.policy).filter(({ parent }) => parent.includes("somastack:ecs:Task"))) {
      const { Statement } = JSON.parse(String(inputs["policy"])) as { Statement: { Action: string[]; Resource: string | string[] }[] };
      for (const { Action, Resource } of Statement) {
        assert.ok(Action.every((action) => !action.includes("*")), name);
        if (Resource === "*") assert.deepEqual(Action, ["ecr:GetAuthorizationToken"], name);
      }
    }
    const own = JSON.stringify(resources.one(types.policy, "milvus").inputs["policy"]);
    assert.match(own, /s3:GetObject/);
    assert.match(own, /elasticfilesystem:ClientMount/);
    // A task without buckets and volumes has a role that may do nothing.
    assert.ok(!resources.all(types.policy).some(({ name }) => name === "opa"));
  });

  it("deploys with circuit breaker, rollback and alarms, never with a shell", () => {
    for (const { name, inputs } of services()) {
      assert.deepEqual(inputs["deploymentCircuitBreaker"], { enable: true, rollback: true }, name);
      assert.equal((inputs["alarms"] as { rollback: boolean }).rollback, true, name);
      assert.deepEqual([inputs["enableExecuteCommand"], inputs["enableEcsManagedTags"], inputs["propagateTags"], inputs["waitForSteadyState"]], [false, true, "SERVICE", false], name);
      assert.equal((inputs["networkConfiguration"] as { assignPublicIp: boolean }).assignPublicIp, false, name);
    }
  });

  it("shifts traffic blue/green behind an entry, rolls the rest, and stops what has data before it starts it anew", () => {
    const { inputs } = resources.one(types.service, "gateway");
    assert.deepEqual(inputs["deploymentConfiguration"], { strategy: "BLUE_GREEN", bakeTimeInMinutes: "1" });
    const [balancer] = inputs["loadBalancers"] as { containerName: string; containerPort: number; targetGroupArn: string; advancedConfiguration: Record<string, string> }[];
    assert.deepEqual([balancer?.containerName, balancer?.containerPort], ["gateway", 9000]);
    assert.ok(balancer?.advancedConfiguration["alternateTargetGroupArn"] && balancer.advancedConfiguration["productionListenerRule"] && balancer.advancedConfiguration["roleArn"]);
    assert.notEqual(balancer.targetGroupArn, balancer.advancedConfiguration["alternateTargetGroupArn"]);
    assert.equal(inputs["healthCheckGracePeriodSeconds"], 120);
    for (const [name, least, most] of [["opa", 100, 200], ["milvus", 0, 100], ["grafana", 0, 100]] as const) {
      const { inputs: rolling } = resources.one(types.service, name);
      assert.deepEqual([rolling["deploymentConfiguration"], rolling["deploymentMinimumHealthyPercent"], rolling["deploymentMaximumPercent"]], [{ strategy: "ROLLING" }, least, most], name);
    }
  });

  it("names every service with a port in the network, by the guide's name", () => {
    const names = resources.all("aws:servicediscovery/service:Service").map(({ inputs }) => inputs["name"]);
    for (const name of ["gateway", "somabrain", "somafractalmemory", "milvus", "opa", "keycloak"]) assert.ok(names.includes(name), name);
    assert.ok(!names.includes("brain-outbox"));
  });

  it("lets others wait for the end of a deployment, and services for jobs", () => {
    const after = (type: string, name: string): string[] => resources.one(type, name).dependencies.map((urn) => urn.split("::").slice(2).join("::"));
    const gateway = after(types.service, "gateway");
    for (const job of ["migrate-agent", "realm", "topics"]) assert.ok(gateway.some((urn) => urn.endsWith(`somastack:ecs:Job::${job}`)), job);
    for (const service of ["brain", "memory", "opa"]) assert.ok(gateway.some((urn) => urn.endsWith(`somastack:ecs:Rollout::${service}`)), service);
    for (const [job, earlier] of [["migrate-memory", "roles"], ["migrate-brain", "migrate-memory"], ["migrate-agent", "migrate-brain"]] as const) {
      assert.ok(after(types.job, job).some((urn) => urn.endsWith(`somastack:ecs:Job::${earlier}`)), job);
    }
    assert.ok(after(types.rollout, "gateway").some((urn) => urn.endsWith("aws:ecs/service:Service::gateway")));
    assert.equal(resources.all(types.rollout).length, services().length);
  });

  it("runs jobs in private subnets with a time limit and their own log", () => {
    const { inputs } = resources.one(types.job, "migrate-agent");
    assert.deepEqual([inputs["jobName"], inputs["container"], inputs["timeoutSeconds"], inputs["packed"], inputs["logStreamPrefix"]], ["migrate-agent", "migrate-agent", 900, false, "migrate-agent"]);
    assert.match(String(inputs["logGroup"]), /^\/somastack\/dev\/migrate-agent$/);
    assert.equal(inputs["capacityProvider"], "FARGATE");
  });

  it("makes everything of a service below the component of its layer", () => {
    assert.match(resources.one(types.service, "gateway").parent, /ControlPlane\$somastack:ecs:Service::gateway$/);
    assert.match(resources.one(types.task, "gateway").parent, /somastack:ecs:Service\$somastack:ecs:Task::gateway$/);
    assert.match(resources.one("somastack:ecs:Service", "brain").parent, /somastack:index:Brain::brain$/);
    for (const resource of [...services(), ...tasks()]) assert.match(resource.provider, /pulumi:providers:aws/, resource.name);
  });

  it("tells its cluster", () => {
    assert.equal(resources.outputs.target["capacity"], "FARGATE");
    assert.ok(resources.outputs.target["cluster"]);
  });
});

describe("the program on FARGATE in production, under mocks", function () {
  this.timeout(60_000);
  let resources: Resources;
  before(async () => {
    resources = new Resources(await runProgram({ ...config, ...production, deploymentTarget: "FARGATE" }, {}, ["openaiApiKey"]));
  });

  it("scales what has more than one instance by processor, memory and, behind an entry, requests", () => {
    const policies = resources.all(types.scaling).map(({ name }) => name);
    for (const name of ["gateway-cpu", "gateway-memory", "gateway-requests", "opa-cpu", "opa-memory"]) assert.ok(policies.includes(name), name);
    assert.ok(!policies.includes("opa-requests"));
    assert.ok(!policies.some((name) => name.startsWith("milvus")));
    const target = resources.one("aws:appautoscaling/target:Target", "gateway");
    assert.deepEqual([target.inputs["minCapacity"], target.inputs["maxCapacity"]], [2, 10]);
    const requests = JSON.stringify(resources.one(types.scaling, "gateway-requests").inputs);
    assert.match(requests, /FILL\(group0, 0\) \+ FILL\(group1, 0\)/);
    assert.equal(resources.one(types.service, "gateway").inputs["desiredCount"], 2);
  });

  it("protects, keeps and backs up the file system and its folders", () => {
    for (const resource of [...resources.all("aws:efs/fileSystem:FileSystem"), ...resources.all("aws:efs/accessPoint:AccessPoint")]) {
      assert.deepEqual([resource.protect, resource.retainOnDelete], [true, true], resource.name);
    }
    assert.deepEqual(resources.all("aws:efs/backupPolicy:BackupPolicy")[0]?.inputs["backupPolicy"], { status: "ENABLED" });
  });

  it("lets a new version prove itself for ten minutes", () => {
    assert.deepEqual(resources.one(types.service, "gateway").inputs["deploymentConfiguration"], { strategy: "BLUE_GREEN", bakeTimeInMinutes: "10" });
    assert.equal(resources.one(types.rollout, "gateway").inputs["timeoutSeconds"], 3000);
  });

  it("watches processor, memory and number of every service's tasks", () => {
    const alarms = resources.all("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name);
    for (const service of resources.all(types.service)) for (const signal of ["cpu", "memory", "tasks"]) assert.ok(alarms.includes(`${service.name}-${signal}`), `${service.name}-${signal}`);
  });
});

describe("the program on ECS_EC2, under mocks", function () {
  this.timeout(60_000);
  let resources: Resources;
  before(async () => {
    resources = new Resources(await runProgram({ ...config, deploymentTarget: "ECS_EC2" }));
  });

  it("runs instances that ask for a token, with encrypted disks, on which the largest task fits", () => {
    const { inputs } = resources.one("aws:ec2/launchTemplate:LaunchTemplate", "instances");
    assert.deepEqual(inputs["metadataOptions"], { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 });
    assert.match(String(inputs["imageId"]), /^resolve:ssm:.*amazon-linux-2023/);
    const [disk] = inputs["blockDeviceMappings"] as { ebs: { encrypted: string; volumeType: string } }[];
    assert.deepEqual([disk?.ebs.encrypted, disk?.ebs.volumeType], ["true", "gp3"]);
    assert.equal(inputs["instanceType"], "m6i.2xlarge");
    assert.match(Buffer.from(String(inputs["userData"]), "base64").toString(), /ECS_CLUSTER=somastack-dev\n/);
  });

  it("adds, drains and takes away instances by what the tasks need", () => {
    const { inputs } = resources.one("aws:ecs/capacityProvider:CapacityProvider", "instances");
    const provider = inputs["autoScalingGroupProvider"] as { managedScaling: { status: string; targetCapacity: number }; managedDraining: string };
    assert.deepEqual([provider.managedScaling.status, provider.managedScaling.targetCapacity, provider.managedDraining], ["ENABLED", 100, "ENABLED"]);
    const group = resources.one("aws:autoscaling/group:Group", "instances");
    assert.deepEqual(group.inputs["vpcZoneIdentifiers"] !== undefined && Number(group.inputs["maxSize"]) > 3, true);
  });

  it("packs tasks by memory within each zone, by the cluster's own capacity provider", () => {
    for (const { name, inputs } of resources.all(types.service)) {
      assert.deepEqual(inputs["orderedPlacementStrategies"], [{ type: "spread", field: "attribute:ecs.availability-zone" }, { type: "binpack", field: "memory" }], name);
      assert.deepEqual(inputs["capacityProviderStrategies"], [{ capacityProvider: "somastack-dev", weight: 1 }], name);
    }
    assert.equal(resources.one(types.job, "roles").inputs["packed"], true);
  });

  it("differs from Fargate in capacity only", () => {
    for (const { name, inputs } of resources.all(types.task)) {
      assert.deepEqual(inputs["requiresCompatibilities"], ["EC2"], name);
      assert.equal(inputs["ephemeralStorage"], undefined, name);
      for (const container of resources.containers(name)) assert.deepEqual(container["dockerSecurityOptions"], ["no-new-privileges"], name);
    }
  });
});
