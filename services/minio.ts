import { awaited, check, curlGet } from "./health";
import type { Service } from "./types";

/** Name of the bucket that Milvus and file uploads share, by prefix. */
export const bucket = "somastack";

/** MinIO: S3-compatible object store; its bucket comes from the job `bucket`. */
export const minio: Service = {
  name: "minio",
  title: "MinIO",
  layer: "infrastructure",
  owner: "DataTier",
  image: "minio",
  command: ["server", "/data", "--console-address", ":9001"],
  ports: [
    { name: "s3", container: 9000, published: 9000, protocol: "http" },
    { name: "console", container: 9001, published: 9001, protocol: "http" },
  ],
  environment: { MINIO_ROOT_USER: "{secret.minio-access-key}", MINIO_ROOT_PASSWORD: "{secret.minio-secret-key}" },
  volumes: [{ name: "minio", path: "/data", sizeGib: 20 }],
  readOnlyRoot: false,
  tmpfs: ["/tmp"],
  size: { cpu: 0.5, memoryMib: 384 },
  health: check(curlGet(9000, "/minio/health/live"), awaited),
  probe: { protocol: "http", url: "{minio.url}/minio/health/live" },
  data: { kind: "objectStore", ownSecrets: ["minio-access-key", "minio-secret-key"], probed: false },
  needs: ["persistent-disk"],
  after: [],
};
