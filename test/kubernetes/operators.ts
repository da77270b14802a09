import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { execa } from "execa";
import { parse } from "yaml";

import type { KubernetesApi } from "../../toolchain/kubernetes-api";

/** The release whose definition of a PostgreSQL cluster the API checks ours by. */
const cloudNativePg = "github.com/cloudnative-pg/cloudnative-pg@v1.27.0";

interface Definition {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  /** What its operator reports once it is there; absent where nothing waits for it. */
  readonly status?: object;
}

const ready = { conditions: [{ type: "Ready", status: "True", reason: "Ready", message: "ready", lastTransitionTime: "2025-01-01T00:00:00Z" }] };

/** Objects of the operators, as the tests stand in for these. */
const definitions: readonly Definition[] = [
  { group: "postgresql.cnpg.io", version: "v1", kind: "Cluster", plural: "clusters", status: ready },
  { group: "kafka.strimzi.io", version: "v1beta2", kind: "KafkaNodePool", plural: "kafkanodepools" },
  { group: "kafka.strimzi.io", version: "v1beta2", kind: "Kafka", plural: "kafkas", status: ready },
  { group: "redis.redis.opstreelabs.in", version: "v1beta2", kind: "RedisReplication", plural: "redisreplications", status: { masterNode: "redis-0" } },
];

const collection = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Makes the kinds of the operators known: PostgreSQL's by its own definition, whose rules are checked; the others by name alone. */
export async function defineOperators(api: KubernetesApi): Promise<void> {
  const { stdout } = await execa("go", ["mod", "download", "-json", cloudNativePg], { cwd: tmpdir(), env: { GOFLAGS: "-mod=mod" }, stdin: "ignore" });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  await api.request("POST", collection, parse(readFileSync(join(Dir, "config", "crd", "bases", "postgresql.cnpg.io_clusters.yaml"), "utf8")));
  for (const { group, version, kind, plural } of definitions.slice(1)) {
    await api.request("POST", collection, {
      apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: `${plural}.${group}` },
      spec: {
        group, scope: "Namespaced", names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [{ name: version, served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } } }],
      },
    });
  }
  for (const { group, version, plural } of definitions) await served(api, `/apis/${group}/${version}/${plural}`);
}

/** A kind that was just defined is served a moment later. */
async function served(api: KubernetesApi, path: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await api.list(path).then(() => true, () => false)) return;
    await wait(100);
  }
  throw new Error(`${path} is not served`);
}

/** Reports every object of the operators as ready, until it is stopped. */
export async function operate(api: KubernetesApi, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    for (const { group, version, plural, status } of definitions) {
      if (status === undefined) continue;
      for (const { metadata, status: now } of await api.list(`/apis/${group}/${version}/${plural}`)) {
        if (now !== undefined) continue;
        await api.request("PATCH", `/apis/${group}/${version}/namespaces/${metadata?.namespace}/${plural}/${metadata?.name}/status`, { status });
      }
    }
    await wait(300, undefined, { signal: stopped }).catch(() => undefined);
  }
}
