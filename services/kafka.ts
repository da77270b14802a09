import { awaited, check } from "./health";
import type { Service } from "./types";

/** An ApiVersions request (API key 18, version 0) and a look at its answer (correlation id 1, no error), without starting a JVM. */
const apiVersions =
  'exec 3<>/dev/tcp/127.0.0.1/9092; printf "\\0\\0\\0\\12\\0\\22\\0\\0\\0\\0\\0\\1\\377\\377" >&3; ' +
  'test "$(head -c 10 <&3 | od -An -tx1 -j4 | tr -d " ")" = 000000010000';

/** Kafka in KRaft mode, one node; topics come from the job `topics`, none by accident. */
export const kafka: Service = {
  name: "kafka",
  title: "Kafka",
  layer: "infrastructure",
  owner: "DataTier",
  image: "kafka",
  ports: [
    { name: "kafka", container: 9092, protocol: "tcp" },
    // Clients on the host are told localhost:9092; a listener of its own, since clients inside are told kafka:9092.
    { name: "kafka-host", container: 9094, published: 9092, protocol: "tcp" },
  ],
  environment: {
    CLUSTER_ID: "{stack.kafkaClusterId}",
    KAFKA_NODE_ID: "1",
    KAFKA_PROCESS_ROLES: "broker,controller",
    KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
    KAFKA_LISTENERS: "INTERNAL://0.0.0.0:9092,CONTROLLER://localhost:9093,HOST://0.0.0.0:9094",
    KAFKA_ADVERTISED_LISTENERS: "INTERNAL://kafka:9092,HOST://localhost:9092",
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,HOST:PLAINTEXT",
    KAFKA_INTER_BROKER_LISTENER_NAME: "INTERNAL",
    KAFKA_LOG_DIRS: "/var/lib/kafka/data",
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
    KAFKA_NUM_PARTITIONS: "3",
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
    KAFKA_HEAP_OPTS: "-Xms256m -Xmx512m",
  },
  volumes: [{ name: "kafka", path: "/var/lib/kafka/data", sizeGib: 10 }],
  // The image writes its configuration under /opt/kafka at the start.
  readOnlyRoot: false,
  tmpfs: ["/tmp"],
  size: { cpu: 1, memoryMib: 1024 },
  health: check(["bash", "-c", apiVersions], awaited),
  probe: { protocol: "kafka", bootstrap: "{kafka.bootstrap}" },
  data: { kind: "kafka", probed: true },
  needs: ["persistent-disk"],
  after: [],
};
