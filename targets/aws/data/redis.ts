import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../foundation";
import { kept, passwordOf, type ManagedArgs } from "./arguments";

const port = 6379;

/**
 * Amazon ElastiCache for Redis 7 in cluster mode with one shard: the applications have no client for more, and use database 0,
 * the only one there. Replicas in other zones, TLS and a token.
 */
export class ManagedRedis extends pulumi.ComponentResource {
  readonly bindings: Readonly<Record<string, pulumi.Input<string>>>;

  /** @throws Error without a password */
  constructor(name: string, { foundation, spec }: ManagedArgs, options: pulumi.ComponentResourceOptions) {
    super("somastack:aws:Redis", name, {}, options);
    const { context, key, logs, network, securityGroups } = foundation;
    const { profile, stack } = context;
    const parent = { parent: this };
    const subnets = new aws.elasticache.SubnetGroup(name, { subnetIds: network.privateSubnetIds }, parent);
    const parameters = new aws.elasticache.ParameterGroup(name, {
      family: "redis7",
      parameters: [{ name: "cluster-enabled", value: "yes" }, { name: "maxmemory-policy", value: "allkeys-lru" }],
    }, parent);
    const group = new aws.elasticache.ReplicationGroup(name, {
      replicationGroupId: `somastack-${stack}-${name}`,
      description: `somastack ${stack}`,
      engine: "redis",
      engineVersion: "7.1",
      nodeType: profile.production ? "cache.m7g.large" : "cache.t4g.small",
      clusterMode: "enabled",
      numNodeGroups: 1,
      replicasPerNodeGroup: profile.production ? 2 : 1,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
      kmsKeyId: key.arn,
      authToken: passwordOf(name, spec).value,
      authTokenUpdateStrategy: "ROTATE",
      parameterGroupName: parameters.name,
      subnetGroupName: subnets.name,
      securityGroupIds: [securityGroups.of(name).id],
      port,
      snapshotRetentionLimit: profile.backupDays,
      ...(profile.production ? { finalSnapshotIdentifier: `somastack-${stack}-${name}-final` } : {}),
      logDeliveryConfigurations: [{ destination: logs.group(`${name}-slow-log`).name, destinationType: "cloudwatch-logs", logFormat: "json", logType: "slow-log" }],
      applyImmediately: !profile.production,
    }, { ...parent, ...kept(profile) });
    addAlarms(name, foundation, group, this);
    this.bindings = { host: group.configurationEndpointAddress, port: String(port), scheme: "rediss", tls: "true" };
    this.registerOutputs({ host: group.configurationEndpointAddress });
  }
}

function addAlarms(name: string, { alarms }: AwsFoundation, group: aws.elasticache.ReplicationGroup, parent: pulumi.Resource): void {
  const metric = { namespace: "AWS/ElastiCache", dimensions: { ReplicationGroupId: group.replicationGroupId }, period: 300, evaluationPeriods: 3, comparisonOperator: "GreaterThanThreshold" };
  alarms.add(`${name}-cpu`, { ...metric, metricName: "EngineCPUUtilization", statistic: "Average", threshold: 80, alarmDescription: "Redis works above 80 % of a CPU." }, parent);
  alarms.add(`${name}-memory`, { ...metric, metricName: "DatabaseMemoryUsagePercentage", statistic: "Average", threshold: 85, alarmDescription: "Redis fills 85 % of its memory." }, parent);
  alarms.add(`${name}-evictions`, { ...metric, metricName: "Evictions", statistic: "Sum", threshold: 1000, alarmDescription: "Redis throws keys out for lack of memory." }, parent);
}
