import { awaited, check, curlGet } from "./health";
import type { Service } from "./types";

/** Milvus standalone: vector database over etcd and the object store. */
export const milvus: Service = {
  name: "milvus",
  title: "Milvus",
  layer: "infrastructure",
  owner: "DataTier",
  image: "milvus",
  command: ["milvus", "run", "standalone"],
  ports: [
    { name: "grpc", container: 19530, published: 19530, protocol: "grpc" },
    { name: "metrics", container: 9091, protocol: "http" },
  ],
  environment: {
    ETCD_ENDPOINTS: "{etcd.host}:{etcd.port}",
    COMMON_STORAGETYPE: "minio",
    MINIO_ADDRESS: "{minio.host}:{minio.port}",
    MINIO_BUCKET_NAME: "{minio.bucket}",
    MINIO_USE_SSL: "{minio.tls}",
    MINIO_USE_IAM: "{minio.iam}",
    MINIO_ROOT_PATH: "milvus",
    MINIO_ACCESS_KEY_ID: "{secret.minio-access-key}",
    MINIO_SECRET_ACCESS_KEY: "{secret.minio-secret-key}",
  },
  volumes: [{ name: "milvus", path: "/var/lib/milvus", sizeGib: 20 }],
  readOnlyRoot: false,
  tmpfs: ["/tmp"],
  size: { cpu: 2, memoryMib: 2048 },
  health: check(curlGet(9091, "/healthz"), { ...awaited, startPeriodSeconds: 180 }),
  probe: { protocol: "http", url: "http://{milvus.host}:9091/healthz" },
  metrics: { port: 9091, path: "/metrics" },
  cloud: { cpu: 4, memoryMib: 8192, diskGib: 30, replicas: { min: 1, max: 1 } },
  needs: ["persistent-disk", "grpc"],
  after: ["etcd", "minio", "bucket"],
};
