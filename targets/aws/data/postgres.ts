import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../foundation";
import { serviceRole } from "../roles";
import { kept, passwordOf, type ManagedArgs } from "./arguments";

const port = 5432;
const administrator = "postgres";
/** Storage may grow to this many times its first size. */
const growth = 10;

/** Amazon RDS for PostgreSQL 16: a standby in another zone in production, TLS enforced, encrypted, backed up. */
export class ManagedPostgres extends pulumi.ComponentResource {
  readonly bindings: Readonly<Record<string, pulumi.Input<string>>>;

  /** @throws Error without an administrator's password */
  constructor(name: string, { foundation, spec }: ManagedArgs, options: pulumi.ComponentResourceOptions) {
    super("somastack:aws:Postgres", name, {}, options);
    const { context, key, network, securityGroups } = foundation;
    const { profile, stack } = context;
    const parent = { parent: this };
    const subnets = new aws.rds.SubnetGroup(name, { subnetIds: network.privateSubnetIds }, parent);
    const parameters = new aws.rds.ParameterGroup(name, {
      family: "postgres16",
      parameters: [
        { name: "rds.force_ssl", value: "1" },
        { name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" },
        { name: "log_min_duration_statement", value: "1000" },
      ],
    }, parent);
    const monitoring = serviceRole(`${name}-monitoring`, "monitoring.rds.amazonaws.com", parent);
    new aws.iam.RolePolicyAttachment(`${name}-monitoring`, { role: monitoring.name, policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole" }, parent);
    const instance = new aws.rds.Instance(name, {
      identifier: `somastack-${stack}-${name}`,
      engine: "postgres",
      engineVersion: "16",
      autoMinorVersionUpgrade: true,
      instanceClass: profile.production ? "db.m7g.large" : "db.t4g.medium",
      storageType: "gp3",
      allocatedStorage: spec.storageGib,
      maxAllocatedStorage: spec.storageGib * growth,
      storageEncrypted: true,
      kmsKeyId: key.arn,
      username: administrator,
      password: passwordOf(name, spec).value,
      dbName: administrator,
      port,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [securityGroups.of(name).id],
      publiclyAccessible: false,
      multiAz: profile.production,
      parameterGroupName: parameters.name,
      backupRetentionPeriod: profile.backupDays,
      copyTagsToSnapshot: true,
      deletionProtection: profile.production,
      skipFinalSnapshot: !profile.production,
      ...(profile.production ? { finalSnapshotIdentifier: `somastack-${stack}-${name}-final` } : {}),
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: key.arn,
      monitoringInterval: 60,
      monitoringRoleArn: monitoring.arn,
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      applyImmediately: !profile.production,
    }, { ...parent, ...kept(profile) });
    addAlarms(name, foundation, instance, spec.storageGib, this);
    this.bindings = { host: instance.address, port: String(port), user: administrator, database: administrator, tls: "true", sslmode: "require" };
    this.registerOutputs({ host: instance.address });
  }
}

function addAlarms(name: string, { alarms }: AwsFoundation, instance: aws.rds.Instance, storageGib: number, parent: pulumi.Resource): void {
  const metric = { namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: instance.identifier }, period: 300, evaluationPeriods: 3, statistic: "Average" };
  alarms.add(`${name}-cpu`, { ...metric, metricName: "CPUUtilization", comparisonOperator: "GreaterThanThreshold", threshold: 80, alarmDescription: "The database works above 80 % of its CPU." }, parent);
  alarms.add(`${name}-storage`, { ...metric, metricName: "FreeStorageSpace", comparisonOperator: "LessThanThreshold", threshold: storageGib * 0.1 * 2 ** 30, alarmDescription: "Less than a tenth of the first storage is free." }, parent);
  alarms.add(`${name}-connections`, { ...metric, metricName: "DatabaseConnections", comparisonOperator: "GreaterThanThreshold", threshold: 400, alarmDescription: "More than 400 connections." }, parent);
}
