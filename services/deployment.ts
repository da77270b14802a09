import type { SettingKey } from "../settings/definitions";
import { capabilities } from "../settings/capabilities";
import type { Settings } from "../settings/load";
import { usesExistingCluster } from "../settings/rules";
import { allJobs, chooseServices } from "./catalog";
import { deploymentImages, type DeploymentImage } from "./deployment-images";
import type { ImageName } from "./images";
import type { DataKind, Job, Layer, Service } from "./types";

/** What a configuration deploys: services, jobs and images, free of any target. */
export interface Deployment {
  readonly settings: Settings;
  readonly services: readonly Service[];
  readonly jobs: readonly Job[];
  /** Names of the services that the target takes from a managed offer. */
  readonly managed: ReadonlySet<string>;
  /** Names of the services of the whole catalog that are managed on this target, deployed or not. */
  readonly managedEverywhere: ReadonlySet<string>;
  /** Secrets that the managed services make superfluous. */
  readonly unusedSecrets: ReadonlySet<string>;
  readonly images: Readonly<Record<string, DeploymentImage>>;
  /** References that the machine has to get: images that run, and the bases of those that are built. */
  readonly references: readonly string[];
  /** Sum of the hard memory limits of the services and of the largest job, MiB. */
  readonly memoryMib: number;
  /** Service names by layer, sorted: the tree "SomaStack" of the guide. */
  readonly topology: Readonly<Record<Exclude<Layer, "observability">, readonly string[]>>;
}

const standAlone = ["postgres", "redis", "keycloak", "spicedb", "opa", "gateway", "admin", "prometheus", "health"];
const cluster = ["kafka", "etcd", "minio", "milvus", "brain", "brain-outbox", "memory", "conversation-worker", "tool-executor", "memory-replicator"];
const fullObservability = ["grafana", "jaeger", "temporal", "temporal-ui"];
const inProcessInSaas = ["brain", "brain-outbox", "memory", "memory-replicator"];

/** Settings that name an external service, and what is then not provisioned. */
const externals: readonly (readonly [SettingKey, readonly string[]])[] = [
  ["dbDsn", ["postgres"]],
  ["dbHost", ["postgres"]],
  ["redisUrl", ["redis"]],
  ["kafkaBootstrapServers", ["kafka"]],
  ["milvusHost", ["milvus", "etcd"]],
  ["keycloakUrl", ["keycloak"]],
  ["spicedbUrl", ["spicedb"]],
  ["opaUrl", ["opa"]],
  ["somabrainApiUrl", ["brain", "brain-outbox"]],
  ["somamemoryApiUrl", ["memory"]],
];

/** Services by the software mode, the SaaS mode, the observability setting and what is external. */
export function chosenNames(settings: Settings): ReadonlySet<string> {
  const { softwareMode, saasMode, observability } = settings.values;
  const clustered = softwareMode === "SomaStackClusterMode";
  const names = new Set([
    ...standAlone,
    ...(clustered ? cluster : []),
    ...(observability === "full" || (observability === "mode" && clustered) ? fullObservability : []),
  ]);
  if (saasMode) for (const name of inProcessInSaas) names.delete(name);
  for (const [key, provided] of externals) if (settings.isExternal(key)) for (const name of provided) names.delete(name);
  return names;
}

/** Whether a job has work in this deployment. */
function jobRuns(job: Job, services: ReadonlySet<string>, settings: Settings): boolean {
  const clustered = settings.values.softwareMode === "SomaStackClusterMode";
  switch (job.name) {
    case "migrate-memory":
      return clustered && !settings.isExternal("somamemoryApiUrl");
    case "migrate-brain":
      return clustered && !settings.isExternal("somabrainApiUrl");
    case "topics":
      return clustered;
    case "bucket":
      return services.has("minio");
    case "realm":
      return services.has("keycloak");
    case "spicedb-migrate":
    case "spicedb-schema":
      return services.has("spicedb");
    case "temporal-schema":
    case "temporal-namespace":
      return services.has("temporal");
    default:
      return true;
  }
}

/** Kinds of data services that this deployment takes managed. */
function managedKinds({ values }: Settings): readonly DataKind[] {
  const { cluster, deploymentTarget } = values;
  // A cluster that is there already may stand anywhere; its data lives in it unless the user says otherwise.
  const data = cluster.data ?? (usesExistingCluster(cluster) ? "plain" : "managed");
  // What operators run is managed too, by the cluster; the object store they leave to a server of ours.
  if (deploymentTarget === "EKS" && data !== "managed") return data === "operators" ? ["postgres", "redis", "kafka"] : [];
  return capabilities[deploymentTarget].managed;
}

/** A managed service shows no metrics of its own, and is asked only where its kind can be. */
function managedService(service: Service): Service {
  const copy: { -readonly [K in keyof Service]: Service[K] } = { ...service };
  delete copy.metrics;
  if (service.data?.probed !== true) delete copy.probe;
  return copy;
}

/** Works out what a configuration deploys. `unavailable` names images that this machine cannot have: their services are left out. */
export function planDeployment(settings: Settings, unavailable: ReadonlySet<ImageName> = new Set()): Deployment {
  const chosen = chosenNames(settings);
  const kinds = managedKinds(settings);
  const isManaged = (service: Service): boolean => service.data !== undefined && kinds.includes(service.data.kind);
  const adapt = (service: Service): Service => (isManaged(service) ? managedService(service) : service);
  const everything = chooseServices(() => true);
  const named = chooseServices((name) => chosen.has(name), adapt);
  const missing = new Set(named.filter((service) => unavailable.has(service.image)).map((service) => service.name));
  const services = missing.size === 0 ? named : chooseServices((name) => chosen.has(name) && !missing.has(name), adapt);
  const managed = new Set(services.filter(isManaged).map((service) => service.name));
  const running = services.filter((service) => !managed.has(service.name));
  const names = new Set(running.map((service) => service.name));
  const jobs = allJobs.filter((job) => jobRuns(job, names, settings));
  const images = deploymentImages([...running, ...jobs].map((workload) => workload.image), settings);
  const sum = running.reduce((total, service) => total + service.size.memoryMib, 0);
  return {
    settings,
    services,
    jobs,
    managed,
    managedEverywhere: new Set(everything.filter(isManaged).map((service) => service.name)),
    unusedSecrets: new Set(everything.filter(isManaged).flatMap((service) => service.data?.ownSecrets ?? [])),
    images,
    references: [...new Set(Object.values(images).map((image) => ("reference" in image ? image.reference : image.base)).filter((name) => name !== undefined))].sort(),
    memoryMib: sum + Math.max(0, ...jobs.map((job) => job.size.memoryMib)),
    topology: {
      control: layer(services, "control"),
      cognitive: layer(services, "cognitive"),
      memory: layer(services, "memory"),
      infrastructure: [...layer(services, "infrastructure"), ...layer(services, "observability")],
    },
  };
}

function layer(services: readonly Service[], wanted: Layer): string[] {
  return services.filter((service) => service.layer === wanted).map((service) => service.name).sort();
}
