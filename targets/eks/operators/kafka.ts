import * as pulumi from "@pulumi/pulumi";

import { strimzi } from "../add-ons/strimzi";
import { labelsOf } from "../labels";
import { operatedObject, operatedPolicy, type Operated, type OperatedArgs } from "./place";

/** Plaintext inside the namespace: SomaBrain has no setting for TLS or SASL. */
const port = 9092;
const brokers = 3;

/** Kafka in KRaft mode by Strimzi: three brokers that are controllers, too; topics come from a job. */
export class OperatedKafka extends pulumi.ComponentResource implements Operated {
  readonly resource: pulumi.Resource;
  readonly bindings: Readonly<Record<string, pulumi.Input<string>>>;

  constructor(name: string, args: OperatedArgs, options: pulumi.ComponentResourceOptions) {
    super("somastack:eks:OperatedKafka", name, {}, options);
    const { place: { platform, stack }, spec: { storageGib }, production } = args;
    const parent = { parent: this };
    const { storageClass } = platform.cluster;
    const policy = operatedPolicy(name, { "strimzi.io/cluster": name }, port, strimzi.chart.namespace, args, parent);
    const waitFor = [...args.waitFor, policy];
    const nodes = operatedObject(`${name}-nodes`, {
      apiVersion: "kafka.strimzi.io/v1beta2", kind: "KafkaNodePool", labels: { ...labelsOf(name, stack), "strimzi.io/cluster": name },
      spec: {
        replicas: brokers,
        roles: ["controller", "broker"],
        storage: {
          type: "jbod",
          volumes: [{
            id: 0, type: "persistent-claim", size: `${storageGib}Gi`, kraftMetadata: "shared", deleteClaim: !production, ...(storageClass === undefined ? {} : { class: storageClass }),
          }],
        },
        resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "1", memory: "2Gi" } },
      },
    }, { ...args, waitFor }, parent);
    this.resource = operatedObject(name, {
      apiVersion: "kafka.strimzi.io/v1beta2", kind: "Kafka", ready: "condition=Ready",
      annotations: { "strimzi.io/kraft": "enabled", "strimzi.io/node-pools": "enabled" },
      spec: {
        kafka: {
          version: "4.1.0",
          listeners: [{ name: "plain", port, type: "internal", tls: false }],
          config: {
            "auto.create.topics.enable": false, "default.replication.factor": brokers, "min.insync.replicas": 2, "num.partitions": 3,
            "offsets.topic.replication.factor": brokers, "transaction.state.log.replication.factor": brokers, "transaction.state.log.min.isr": 2,
          },
        },
      },
    }, { ...args, waitFor: [...waitFor, nodes] }, parent);
    const host = `${name}-kafka-bootstrap`;
    this.bindings = { host, port: String(port), bootstrap: `${host}:${port}` };
    this.registerOutputs({});
  }
}
