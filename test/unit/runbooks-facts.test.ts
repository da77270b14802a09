import assert from "node:assert/strict";

import { prod } from "../../stacks/prod";
import { runProgram, type Run } from "./program-support";
import { recordedStack } from "./recorded";

/** Resources that hold data, or what opens it, and are no disk of a service. */
const kept = /^(aws:rds\/instance|aws:elasticache\/replicationGroup|aws:msk\/cluster|aws:kms\/key|aws:secretsmanager\/secret|aws:ec2\/vpc|random:index\/randomPassword):/;

const databaseSecrets = ["db-agent", "db-somabrain", "db-somafractalmemory", "db-keycloak", "db-spicedb", "db-temporal"];

describe("what the runbooks rely on", function () {
  this.timeout(120_000);

  it("a move between targets on AWS leaves managed data, passwords, network and key where they are", async () => {
    const dataOn = async (target: string): Promise<Map<string, unknown>> => {
      const { plan: { resources } } = await recordedStack(target, "SomaStackClusterMode", true);
      return new Map(resources.filter(({ type, name }) => kept.test(type) && name !== "fingerprint").map(({ urn, inputs }) => [urn, inputs]));
    };
    const fargate = await dataOn("FARGATE");
    for (const name of ["postgres", "redis", "kafka", "data", "db-agent"]) assert.ok([...fargate.keys()].some((urn) => urn.endsWith(`::${name}`)), name);
    for (const target of ["ECS_EC2", "APP_RUNNER", "EC2", "EKS"]) assert.deepEqual(await dataOn(target), fargate, target);
  });

  it("a move between FARGATE, ECS_EC2 and APP_RUNNER keeps the volumes too, and one to EC2 or EKS does not", async () => {
    const volumesOn = async (target: string): Promise<string[]> =>
      (await recordedStack(target, "SomaStackClusterMode", true)).plan.resources.filter(({ type }) => /^(aws:efs\/(fileSystem|accessPoint)|aws:ebs\/volume|kubernetes:core\/v1:PersistentVolumeClaim)(:|$)/.test(type)).map(({ urn }) => urn).sort();
    const fargate = await volumesOn("FARGATE");
    assert.ok(fargate.length > 0);
    for (const target of ["ECS_EC2", "APP_RUNNER"]) assert.deepEqual(await volumesOn(target), fargate, target);
    for (const target of ["EC2", "EKS"]) assert.deepEqual((await volumesOn(target)).filter((urn) => fargate.includes(urn)), [], target);
  });

  it("new database passwords run the roles and every migration again", async () => {
    const jobs = ({ resources }: Run): Map<string, unknown> => new Map(resources.filter(({ type }) => type === "somastack:docker:Job").map(({ name, inputs }) => [name, inputs["environment"]]));
    const settings = { softwareMode: "SomaStackClusterMode" };
    const before = jobs(await runProgram(settings));
    const after = jobs(await runProgram({ ...settings, rotation: JSON.stringify(Object.fromEntries(databaseSecrets.map((name) => [name, 1]))) }));
    const again = [...before].filter(([name, environment]) => JSON.stringify(after.get(name)) !== JSON.stringify(environment)).map(([name]) => name).sort();
    assert.deepEqual(again, ["migrate-agent", "migrate-brain", "migrate-memory", "roles", "spicedb-migrate", "temporal-schema"]);
  });

  it("production keeps backups of databases for two weeks, a final snapshot, and its database from being deleted", async () => {
    assert.equal(prod.backupDays, 14);
    const { plan: { resources } } = await recordedStack("FARGATE", "SomaStackClusterMode", true);
    const inputs = resources.find(({ type }) => type === "aws:rds/instance:Instance")?.inputs as Record<string, unknown> | undefined;
    const stack = resources[0]?.urn.split("::")[0]?.split(":").at(-1);
    assert.equal(inputs?.["identifier"], `somastack-${stack}-postgres`);
    assert.equal(inputs["finalSnapshotIdentifier"], `somastack-${stack}-postgres-final`);
    assert.equal(inputs["deletionProtection"], true);
  });
});
