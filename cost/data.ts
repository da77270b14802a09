import { at, numberAt, textAt, type Meter } from "./meter";

/** A database and its disk; a standby in another zone costs as much again. */
export const database: Meter = ({ inputs }) => {
  const twice = at(inputs, "multiAz") === true;
  return [
    { price: `rds ${textAt(inputs, "instanceClass")}`, quantity: twice ? 2 : 1 },
    { price: `rds ${textAt(inputs, "storageType")}${twice ? " multi-az" : ""}`, quantity: numberAt(inputs, "allocatedStorage") ?? 0 },
  ];
};

/** The nodes of a Redis replication group. */
export const replicationGroup: Meter = ({ inputs }) => {
  const shards = numberAt(inputs, "numNodeGroups") ?? 1;
  const nodes = numberAt(inputs, "numCacheClusters") ?? shards * (1 + (numberAt(inputs, "replicasPerNodeGroup") ?? 0));
  return [{ price: `elasticache ${textAt(inputs, "nodeType")}`, quantity: nodes }];
};

/** The brokers of a Kafka cluster and their disks. */
export const kafka: Meter = ({ inputs }) => {
  const brokers = numberAt(inputs, "numberOfBrokerNodes") ?? 0;
  return [
    { price: `msk ${textAt(inputs, "brokerNodeGroupInfo.instanceType")}`, quantity: brokers },
    { price: "msk storage", quantity: brokers * (numberAt(inputs, "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize") ?? 0) },
  ];
};
