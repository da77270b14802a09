import type { GoProgram } from "./go-programs";
import { jaegerPrograms, opaPrograms, spicedbPrograms, temporalPrograms, temporalUiPrograms, versitygwPrograms } from "./image-programs";
import { parseReference } from "./image-reference";

/** A file or folder inside a Go module that a folder of `toolchain/go` pins. */
export interface ModuleFile {
  /** Folder below `toolchain/go`. */
  readonly folder: string;
  readonly module: string;
  readonly path: string;
}

/** How a substitute is made from what package registries serve. Its files are in `toolchain/images/<name>`. */
export interface Recipe {
  readonly name: string;
  /** Version of what is really inside. */
  readonly version: string;
  /** What a user is told the image really is. */
  readonly description: string;
  /** Repository it stands in for and how the tags of the same contract begin; none for a shared layer. */
  readonly replaces?: { readonly registry: string; readonly repository: string; readonly tags: string };
  /** Recipes it is built on, by the build argument of its Dockerfile. */
  readonly from: Readonly<Record<string, string>>;
  /** Programs compiled into `bin/` of its build context. */
  readonly go?: readonly GoProgram[];
  /** Files that lie in the source of one of the Go modules, by their path in the build context. */
  readonly moduleFiles?: Readonly<Record<string, ModuleFile>>;
}

const base = { BASE: "base" } as const;
const jre = { JRE: "jre" } as const;
const docker = (repository: string, tags: string): Recipe["replaces"] & object => ({ registry: "docker.io", repository, tags });
const quay = (repository: string, tags: string): Recipe["replaces"] & object => ({ registry: "quay.io", repository, tags });

/** The registry-built set. The base itself has no Dockerfile: it is an imported root file system. */
export const recipes: readonly Recipe[] = [
  { name: "base", version: "bookworm", description: "Debian 12", from: {} },
  { name: "jre", version: "17", description: "Debian's Java 17 runtime", from: base },
  { name: "python", version: "3.11", description: "Debian's Python 3.11", replaces: docker("library/python", "3"), from: base },
  {
    name: "postgres", version: "16.14", description: "PostgreSQL 16.14 from its npm package, psql 16.2 from a Python wheel",
    replaces: docker("library/postgres", "16"), from: { ...base, PYTHON: "python" },
  },
  { name: "redis", version: "7.0", description: "Debian's Redis 7.0", replaces: docker("library/redis", "7"), from: base },
  { name: "prometheus", version: "2.42", description: "Debian's Prometheus 2.42", replaces: docker("prom/prometheus", "v2"), from: base },
  {
    name: "opa", version: "1.22.2", description: "OPA 1.22.2 from Go modules", replaces: docker("openpolicyagent/opa", "1"), from: {},
    go: opaPrograms,
  },
  {
    name: "spicedb", version: "1.56.2", description: "SpiceDB 1.56.2 from Go modules", replaces: docker("authzed/spicedb", "v1"), from: base,
    go: spicedbPrograms,
  },
  { name: "keycloak", version: "26.5.6", description: "Keycloak 26.5.6 from Maven on Java 17", replaces: quay("keycloak/keycloak", "26"), from: jre },
  { name: "kafka", version: "4.2.1", description: "Kafka 4.2.1 from Maven on Java 17", replaces: docker("apache/kafka", "4"), from: jre },
  { name: "etcd", version: "3.4", description: "Debian's etcd 3.4", replaces: quay("coreos/etcd", "v3"), from: base },
  {
    name: "minio", version: "versitygw-1.8.0", description: "Versity S3 gateway 1.8.0, not MinIO: S3 on 9000 over plain files",
    replaces: docker("minio/minio", "RELEASE"), from: base,
    go: versitygwPrograms,
  },
  { name: "milvus", version: "2.3.5", description: "Milvus 2.3.5 from its Python wheel", replaces: docker("milvusdb/milvus", "v2"), from: { ...base, PYTHON: "python" } },
  {
    name: "jaeger", version: "1.76.0", description: "Jaeger 1.76.0 (v2 binary) from Go modules; its page is a placeholder",
    replaces: docker("jaegertracing/jaeger", "2"), from: base, go: jaegerPrograms,
  },
  {
    name: "temporal", version: "1.29.1", description: "Temporal 1.29.1 from Go modules", replaces: docker("temporalio/auto-setup", "1"), from: base,
    go: temporalPrograms,
    moduleFiles: { "schema/postgresql": { folder: "temporal", module: "go.temporal.io/server", path: "schema/postgresql" } },
  },
  {
    name: "temporal-ui", version: "2.45.1", description: "Temporal UI 2.45.1 from Go modules", replaces: docker("temporalio/ui", "2"), from: base,
    go: temporalUiPrograms,
    moduleFiles: { "config/docker.yaml": { folder: "temporal-ui", module: "github.com/temporalio/ui-server/v2", path: "config/docker.yaml" } },
  },
];

/** The recipe of a name. */
export function recipeNamed(name: string): Recipe {
  const recipe = recipes.find((candidate) => candidate.name === name);
  if (recipe === undefined) throw new RangeError(`no recipe "${name}"; there are ${recipes.map(({ name: known }) => known).join(", ")}`);
  return recipe;
}

/** The recipe that can stand in for an image: same repository, a tag of the same contract. */
export function recipeFor(reference: string): Recipe | undefined {
  const { registry, repository, suffix } = parseReference(reference);
  return recipes.find(
    ({ replaces }) => replaces?.registry === registry && replaces.repository === repository && suffix.startsWith(`:${replaces.tags}`),
  );
}
