/** An image of the catalog: an upstream reference, or a build of ours from `images/`. */
export type Image =
  | { readonly reference: string }
  | { readonly build: { readonly context: string; readonly dockerfile: string; readonly sources: readonly string[]; readonly base: { readonly argument: string; readonly reference: string } } };

const python = { argument: "PYTHON_IMAGE", reference: "python:3.12-slim" };
const own = (name: string): Image => ({ build: { context: "images", dockerfile: `images/${name}/Dockerfile`, sources: ["images/common", `images/${name}`], base: python } });

/**
 * Every image by name. `somastack:images` replaces any of them; agent, brain and memory are the sample applications until a
 * team names its own.
 */
export const images = {
  agent: own("agent"),
  brain: own("brain"),
  memory: own("memory"),
  ops: own("ops"),
  postgres: { reference: "postgres:16-alpine" },
  redis: { reference: "redis:7-alpine" },
  kafka: { reference: "apache/kafka:4.1.0" },
  etcd: { reference: "quay.io/coreos/etcd:v3.5.16" },
  minio: { reference: "minio/minio:RELEASE.2023-03-20T20-16-18Z" },
  milvus: { reference: "milvusdb/milvus:v2.4.17" },
  keycloak: { reference: "quay.io/keycloak/keycloak:26.5.6" },
  spicedb: { reference: "authzed/spicedb:v1.53.0" },
  opa: { reference: "openpolicyagent/opa:1.4.2" },
  prometheus: { reference: "prom/prometheus:v2.53.4" },
  grafana: { reference: "grafana/grafana:11.6.0" },
  jaeger: { reference: "jaegertracing/jaeger:2.13.0" },
  temporal: { reference: "temporalio/auto-setup:1.29.1" },
  "temporal-ui": { reference: "temporalio/ui:2.45.1" },
} as const satisfies Record<string, Image>;

/** Name of an image of the catalog. */
export type ImageName = keyof typeof images;

/** The names, in the catalog's order. */
export const imageNames = Object.keys(images) as ImageName[];
