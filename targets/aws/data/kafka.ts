import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../foundation";
import { kept, type ManagedArgs } from "./arguments";

/** Plaintext inside the network: SomaBrain has no setting for TLS or SASL. */
const port = 9092;
const brokers = 3;

const serverProperties = `auto.create.topics.enable=false
default.replication.factor=3
min.insync.replicas=2
num.partitions=3
unclean.leader.election.enable=false
`;

/** Amazon MSK: three brokers in three zones, encrypted at rest and between brokers; topics come from a job. */
export class ManagedKafka extends pulumi.ComponentResource {
  readonly bindings: Readonly<Record<string, pulumi.Input<string>>>;

  constructor(name: string, { foundation, spec }: ManagedArgs, options: pulumi.ComponentResourceOptions) {
    super("somastack:aws:Kafka", name, {}, options);
    const { context, key, logs, network, securityGroups } = foundation;
    const { profile, stack } = context;
    const parent = { parent: this };
    const configuration = new aws.msk.Configuration(name, { name: `somastack-${stack}-${name}`, kafkaVersions: ["3.9.x"], serverProperties }, parent);
    const group = securityGroups.of(name);
    const cluster = new aws.msk.Cluster(name, {
      clusterName: `somastack-${stack}-${name}`,
      kafkaVersion: "3.9.x",
      numberOfBrokerNodes: brokers,
      configurationInfo: { arn: configuration.arn, revision: configuration.latestRevision },
      brokerNodeGroupInfo: {
        instanceType: profile.production ? "kafka.m7g.large" : "kafka.t3.small",
        clientSubnets: network.privateSubnetIds.apply((ids) => ids.slice(0, brokers)),
        securityGroups: [group.id],
        storageInfo: { ebsStorageInfo: { volumeSize: spec.storageGib } },
        connectivityInfo: { publicAccess: { type: "DISABLED" } },
      },
      encryptionInfo: { encryptionAtRestKmsKeyArn: key.arn, encryptionInTransit: { clientBroker: "TLS_PLAINTEXT", inCluster: true } },
      clientAuthentication: { unauthenticated: true },
      enhancedMonitoring: "PER_BROKER",
      loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: logs.group(name).name } } },
    }, { ...parent, ...kept(profile) });
    addAlarms(name, foundation, cluster, this);
    const first = cluster.bootstrapBrokers.apply((list) => list.split(",")[0]?.split(":")[0] ?? list);
    this.bindings = { bootstrap: cluster.bootstrapBrokers, host: first, port: String(port) };
    this.registerOutputs({ bootstrap: cluster.bootstrapBrokers });
  }
}

function addAlarms(name: string, { alarms }: AwsFoundation, cluster: aws.msk.Cluster, parent: pulumi.Resource): void {
  const metric = { namespace: "AWS/Kafka", dimensions: { "Cluster Name": cluster.clusterName }, period: 300, evaluationPeriods: 3, comparisonOperator: "GreaterThanThreshold", statistic: "Maximum" };
  alarms.add(`${name}-offline-partitions`, { ...metric, metricName: "OfflinePartitionsCount", threshold: 0, alarmDescription: "Partitions have no leader." }, parent);
  for (let broker = 1; broker <= brokers; broker += 1) {
    alarms.add(`${name}-disk-${broker}`, {
      ...metric, dimensions: { ...metric.dimensions, "Broker ID": String(broker) }, metricName: "KafkaDataLogsDiskUsed", threshold: 80, alarmDescription: `The disk of broker ${broker} is 80 % full.`,
    }, parent);
  }
}
