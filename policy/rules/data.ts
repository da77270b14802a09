import { isHidden } from "../resource";
import { checks, wants, type Rule } from "../rule";
import { at, atLeast, is, isFalse, isGiven, isTrue, list, matches, type Requirement } from "../values";

const instance = "aws:rds/instance:Instance";
const cluster = "aws:rds/cluster:Cluster";
const databases = [instance, cluster];
const redis = "aws:elasticache/replicationGroup:ReplicationGroup";
const kafka = "aws:msk/cluster:Cluster";

const mustBeTrue = (path: string): Requirement => ({ path, allowed: isTrue, rule: "must be true" });

const postgresRules: readonly Rule[] = [
  wants(instance, {
    name: "rds-several-zones",
    why: "A zone that fails must not take the database with it.",
    mend: "Set multiAz.",
  }, [mustBeTrue("multiAz")]),
  wants(databases, {
    name: "rds-encrypted",
    why: "Disks, snapshots and backups are read by whoever has the key, and the key is ours.",
    mend: "Set storageEncrypted and kmsKeyId.",
  }, [mustBeTrue("storageEncrypted"), { path: "kmsKeyId", allowed: isGiven, rule: "must be the ARN of a KMS key" }]),
  checks(["aws:rds/parameterGroup:ParameterGroup", "aws:rds/clusterParameterGroup:ClusterParameterGroup"], {
    name: "rds-force-ssl",
    why: "The server itself refuses a connection in clear, whatever a client is set to.",
    mend: "Set the parameter rds.force_ssl to 1.",
  }, ({ props }) => (!String(props["family"]).includes("postgres") || list(props, "parameters").some((parameter) => at(parameter, "name") === "rds.force_ssl" && is(1)(at(parameter, "value"))) ? [] : ["rds.force_ssl is not 1"])),
  wants(instance, {
    name: "rds-parameter-group",
    why: "Without a parameter group of its own a database cannot insist on TLS.",
    mend: "Set parameterGroupName to a group with rds.force_ssl.",
  }, [{ path: "parameterGroupName", allowed: isGiven, rule: "must name a parameter group" }]),
  wants(databases, {
    name: "rds-backups",
    why: "Point-in-time recovery reaches back as far as backups are kept.",
    mend: "Raise backupRetentionPeriod.",
    parameters: { days: 7 },
  }, ({ days = 7 }) => [{ path: "backupRetentionPeriod", allowed: atLeast(days), rule: `must be at least ${days} days` }]),
  wants(databases, {
    name: "rds-deletion-protection",
    why: "A database is never deleted by mistake.",
    mend: "Set deletionProtection.",
  }, [mustBeTrue("deletionProtection")]),
  wants(databases, {
    name: "rds-final-snapshot",
    why: "A database that is deleted on purpose leaves its data behind.",
    mend: "Set skipFinalSnapshot to false and give a finalSnapshotIdentifier.",
  }, [
    { path: "skipFinalSnapshot", allowed: isFalse, rule: "must be false" },
    { path: "finalSnapshotIdentifier", allowed: isGiven, rule: "must name the last snapshot" },
  ]),
  wants([...databases, "aws:rds/clusterInstance:ClusterInstance"], {
    name: "rds-not-public",
    why: "A database is reached from the stack's own network alone.",
    mend: "Set publiclyAccessible to false.",
  }, [{ path: "publiclyAccessible", allowed: isFalse, rule: "must be false" }]),
  checks(instance, {
    name: "rds-version",
    why: "The applications are tested with PostgreSQL 16.",
    mend: "Set engineVersion to 16 or a 16.x.",
    parameters: { major: 16 },
  }, ({ props }, { major = 16 }) => (props["engine"] !== "postgres" || matches(new RegExp(`^${major}(\\.|$)`))(String(props["engineVersion"])) ? [] : [`engineVersion is ${String(props["engineVersion"])}; it must be ${major}`])),
];

const redisRules: readonly Rule[] = [
  wants(redis, {
    name: "elasticache-cluster-mode",
    why: "Redis grows by shards without an interruption only in cluster mode.",
    mend: "Set clusterMode to enabled and numNodeGroups.",
  }, [{ path: "clusterMode", allowed: is("enabled"), rule: "must be \"enabled\"" }]),
  wants(redis, {
    name: "elasticache-encrypted",
    why: "Sessions and queues are read neither on the way nor on a disk.",
    mend: "Set transitEncryptionEnabled and atRestEncryptionEnabled.",
  }, [mustBeTrue("transitEncryptionEnabled"), mustBeTrue("atRestEncryptionEnabled")]),
  checks(redis, {
    name: "elasticache-password",
    why: "The network alone is no reason to let someone in.",
    mend: "Set authToken to a secret, or userGroupIds.",
  }, ({ props }) => (isGiven(props["authToken"]) || list(props, "userGroupIds").length > 0 ? [] : ["has neither authToken nor userGroupIds"])),
  wants(redis, {
    name: "elasticache-failover",
    why: "A node or a zone that fails is replaced by a replica at once.",
    mend: "Set replicasPerNodeGroup to 1 or more, automaticFailoverEnabled and multiAzEnabled.",
    parameters: { replicas: 1 },
  }, ({ replicas = 1 }) => [
    { path: "replicasPerNodeGroup", allowed: atLeast(replicas), rule: `must be at least ${replicas}` },
    mustBeTrue("automaticFailoverEnabled"),
    mustBeTrue("multiAzEnabled"),
  ]),
];

const kafkaRules: readonly Rule[] = [
  wants(kafka, {
    name: "msk-three-brokers",
    why: "A message is kept by three brokers in three zones, so that one may fail while another is updated.",
    mend: "Set numberOfBrokerNodes to 3 and give a subnet of each of 3 zones.",
    parameters: { brokers: 3 },
  }, ({ brokers = 3 }) => [
    { path: "numberOfBrokerNodes", allowed: atLeast(brokers), rule: `must be at least ${brokers}` },
    { path: "brokerNodeGroupInfo.clientSubnets", allowed: (value) => Array.isArray(value) && new Set(value).size >= Math.min(brokers, 3), rule: "must hold a subnet of each of 3 zones" },
  ]),
  wants(kafka, {
    name: "msk-encrypted",
    why: "The disks of the brokers are read by whoever has the key, and the key is ours.",
    mend: "Set encryptionInfo.encryptionAtRestKmsKeyArn.",
  }, [{ path: "encryptionInfo.encryptionAtRestKmsKeyArn", allowed: isGiven, rule: "must be the ARN of a KMS key" }]),
  wants(kafka, {
    name: "msk-not-public",
    why: "Brokers are reached from the stack's own network alone.",
    mend: "Set publicAccess.type to DISABLED.",
  }, [{ path: "brokerNodeGroupInfo.connectivityInfo.publicAccess.type", allowed: (value) => value === undefined || value === "DISABLED", rule: "must be \"DISABLED\"" }]),
  checks(kafka, {
    name: "msk-broker-logs",
    why: "Why a broker left the cluster stands in its log alone.",
    mend: "Set loggingInfo.brokerLogs with CloudWatch, S3 or Firehose enabled.",
  }, ({ props }) => (["cloudwatchLogs", "s3", "firehose"].map((where) => at(props, `loggingInfo.brokerLogs.${where}.enabled`)).some((enabled) => isHidden(enabled) || isTrue(enabled)) ? [] : ["writes no broker logs"])),
];

/** Managed databases, caches and brokers. */
export const dataRules: readonly Rule[] = [...postgresRules, ...redisRules, ...kafkaRules];
