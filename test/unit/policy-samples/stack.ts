import { secretMark } from "../../../policy/resource";
import { aws, pair, resource, type Samples } from "./sample";

const template = "aws:ec2/launchTemplate:LaunchTemplate";
const runner = "aws:apprunner/service:Service";
const task = "aws:ecs/taskDefinition:TaskDefinition";
const digest = `sha256:${"0".repeat(64)}`;
const volume = (encrypted: boolean) => ({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted } }] });
const machine = aws("ec2/launchTemplate:LaunchTemplate");
const tasks = (name: string, value: string) => ({ containerDefinitions: JSON.stringify([{ name: "gateway", environment: [{ name, value }] }]) });
const refresh = (minHealthyPercentage: number) => ({ instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage, autoRollback: true } } });
const base64 = (script: string): string => Buffer.from(script).toString("base64");
/** Elsewhere a secret is masked, so that one in clear can be told. */
const masked = resource("aws:secretsmanager/secretVersion:SecretVersion", { secretString: secretMark }, { name: "masked" });
const migration = resource("somastack:ecs:Job", {}, { name: "migrate-agent" });
const gateway = resource("aws:ecs/service:Service", {}, { name: "gateway", dependencies: [migration.urn] });
const clear = "postgresql://agent:geheim1234@db:5432/agent";

/** Samples for machines, secrets and what spans a stack. */
export const stackSamples: Samples = {
  "ec2-volumes-encrypted": pair(template, volume(true), volume(false), /\/dev\/xvda is not encrypted/),
  "ebs-encrypted": pair("aws:ebs/volume:Volume", { encrypted: true }, {}, /is not encrypted/),
  "ec2-no-key-pair": pair(template, {}, { keyName: "mine" }, /has a key pair for SSH/),
  "ec2-instance-refresh": pair("aws:autoscaling/group:Group", refresh(90), refresh(10), /keeps fewer than 50 % healthy/),
  "ec2-session-manager": { passes: [machine, aws("iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" })], fails: [machine], fault: /cannot be entered/ },
  "app-runner-private-egress": pair(runner, { networkConfiguration: { egressConfiguration: { egressType: "VPC" } } }, { networkConfiguration: { egressConfiguration: { egressType: "DEFAULT" } } }, /calls out through the internet/),
  "app-runner-image-digest": pair(runner, { sourceConfiguration: { autoDeploymentsEnabled: false, imageRepository: { imageIdentifier: `agent@${digest}` } } }, { sourceConfiguration: { autoDeploymentsEnabled: false, imageRepository: { imageIdentifier: "agent:latest" } } }, /agent:latest without a version/),
  "secrets-not-in-environment": pair(task, tasks("SA01_DB_PASSWORD_FILE", "/run/secrets/db"), tasks("SA01_DB_DSN", clear), /gateway has SA01_DB_DSN in clear/),
  "secrets-not-in-user-data": pair(template, { userData: base64("export SA01_DB_PASSWORD=$(aws secretsmanager get-secret-value)\n") }, { userData: base64("export SA01_DB_PASSWORD=geheim1234\n") }, /user data sets SA01_DB_PASSWORD in clear/),
  "secrets-are-outputs": { passes: [masked, aws("rds/instance:Instance", { password: secretMark })], fails: [masked, aws("rds/instance:Instance", { password: "geheim1234" })], fault: /password is no secret output/ },
  "secrets-not-in-config-maps": pair("kubernetes:core/v1:ConfigMap", { data: { "app.conf": "url = postgresql://db:5432/agent" } }, { data: { "app.conf": `url = ${clear}` } }, /app.conf holds a secret/),
  "migrations-first": { passes: [migration, gateway], fails: [migration, { ...gateway, dependencies: [] }], fault: /does not wait for migrate-agent/ },
  "guide-checklist": pair(task, tasks("SA01_ALLOWED_HOSTS", "agent.example.com"), tasks("SA01_ALLOWED_HOSTS", "agent.example.com,*"), /has SA01_ALLOWED_HOSTS=\*/),
  "one-database-role-each": pair(task, tasks("SA01_DB_USER", "somaagent01"), tasks("SA01_DB_USER", "postgres"), /gateway uses the administrator of the database/),
};
