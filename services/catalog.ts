import { brain, brainOutbox } from "./brain";
import { combinedHealth } from "./combined-health";
import { etcd } from "./etcd";
import { admin, gateway } from "./gateway";
import { grafana } from "./grafana";
import { jaeger } from "./jaeger";
import * as jobs from "./jobs";
import { kafka } from "./kafka";
import { keycloak } from "./keycloak";
import { memory } from "./memory";
import { milvus } from "./milvus";
import { minio } from "./minio";
import { opa } from "./opa";
import { postgres } from "./postgres";
import { prometheus } from "./prometheus";
import { redis } from "./redis";
import { spicedb } from "./spicedb";
import { temporal, temporalUi } from "./temporal";
import type { Job, Service } from "./types";
import { conversationWorker, memoryReplicator, toolExecutor } from "./workers";

/** Services whose definition does not depend on the others. */
const plain: readonly Service[] = [
  postgres, redis, kafka, etcd, minio, milvus,
  keycloak, spicedb, opa, gateway, admin, conversationWorker, toolExecutor, memoryReplicator,
  brain, brainOutbox, memory,
  jaeger, temporal, temporalUi,
];

/** Services that watch the others and are written from them, in this order. */
const watching = { prometheus, grafana, health: combinedHealth } as const;

/** Every service by name, for checks over the whole catalog. */
export const serviceNames: readonly string[] = [...plain.map((service) => service.name), ...Object.keys(watching)];

/**
 * The chosen services, in the catalog's order; those that watch are written from what is chosen.
 *
 * @param adapt what a deployment changes of a service before the watchers see it
 */
export function chooseServices(chosen: (name: string) => boolean, adapt: (service: Service) => Service = (service) => service): Service[] {
  const base = plain.filter((service) => chosen(service.name)).map(adapt);
  // The watchers watch each other too: first without, then again with the complete list.
  const first = Object.entries(watching).filter(([name]) => chosen(name)).map(([, define]) => define(base));
  const all = [...base, ...first];
  return [...base, ...Object.entries(watching).filter(([name]) => chosen(name)).map(([, define]) => define(all))];
}

/** Every job. */
export const allJobs: readonly Job[] = [
  jobs.roles, jobs.migrateMemory, jobs.migrateBrain, jobs.migrateAgent, jobs.kafkaTopics, jobs.objectBucket, jobs.realm,
  jobs.spicedbMigrate, jobs.spicedbSchema, jobs.temporalSchema, jobs.temporalNamespace,
];
