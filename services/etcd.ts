import { awaited, check } from "./health";
import type { Service } from "./types";

/** etcd: metadata store of Milvus. */
export const etcd: Service = {
  name: "etcd",
  title: "etcd",
  layer: "infrastructure",
  owner: "DataTier",
  image: "etcd",
  entrypoint: ["/usr/local/bin/etcd"],
  command: [
    "--data-dir=/etcd", "--listen-client-urls=http://0.0.0.0:2379", "--advertise-client-urls=http://etcd:2379",
    "--auto-compaction-mode=revision", "--auto-compaction-retention=1000", "--quota-backend-bytes=4294967296", "--snapshot-count=50000",
  ],
  ports: [{ name: "client", container: 2379, protocol: "grpc" }],
  environment: { ETCDCTL_API: "3" },
  volumes: [{ name: "etcd", path: "/etcd", sizeGib: 5 }],
  readOnlyRoot: true,
  tmpfs: ["/tmp"],
  size: { cpu: 0.5, memoryMib: 256 },
  health: check(["etcdctl", "--endpoints=http://127.0.0.1:2379", "endpoint", "health"], awaited),
  probe: { protocol: "http", url: "{etcd.url}/health" },
  metrics: { port: 2379, path: "/metrics" },
  needs: ["persistent-disk"],
  after: [],
};
