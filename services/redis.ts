import { check } from "./health";
import type { Service } from "./types";

/** Redis 7 with an append-only file; the applications use database 0. */
export const redis: Service = {
  name: "redis",
  title: "Redis",
  layer: "infrastructure",
  owner: "DataTier",
  image: "redis",
  // The password comes from the environment so that no command line shows it.
  entrypoint: ["sh", "-c"],
  command: ['exec redis-server --requirepass "$REDIS_PASSWORD" --appendonly yes --dir /data --maxmemory 192mb --maxmemory-policy allkeys-lru'],
  user: "redis",
  ports: [{ name: "redis", container: 6379, published: 6379, protocol: "tcp" }],
  environment: { REDIS_PASSWORD: "{secret.redis-password}", REDISCLI_AUTH: "{secret.redis-password}" },
  volumes: [{ name: "redis", path: "/data", sizeGib: 1 }],
  readOnlyRoot: true,
  tmpfs: ["/tmp"],
  size: { cpu: 0.5, memoryMib: 256 },
  health: check(["sh", "-c", 'test "$(redis-cli ping)" = PONG']),
  probe: { protocol: "redis", host: "{redis.host}", port: "{redis.port}", tls: "{redis.tls}", password: "redis-password" },
  data: { kind: "redis", password: "redis-password", probed: true },
  needs: ["persistent-disk"],
  after: [],
};
