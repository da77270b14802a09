import type { ImageName } from "./images";

/** Where a service stands in SomaStack; the groups of the exported topology. */
export type Layer = "control" | "cognitive" | "memory" | "infrastructure" | "observability";

/** The component that owns a service or job. */
export type Owner = "DataTier" | "DatabaseMigrations" | "ControlPlane" | "Brain" | "Memory" | "Observability";

/** What a service needs of the place it runs in; a target that lacks it refuses the service. */
export type Need = "websocket" | "grpc" | "persistent-disk";

/** Data services that a cloud offers as managed ones. */
export type DataKind = "postgres" | "redis" | "kafka" | "objectStore";

/** A port of a container. */
export interface Port {
  readonly name: string;
  /** Port the process listens on; in-network addresses use it. */
  readonly container: number;
  /** Port on the host or load balancer, where users reach it (the guide's port mappings). */
  readonly published?: number;
  readonly protocol: "http" | "grpc" | "tcp";
}

/** A command that the image really contains and that ends 0 when the service is ready. */
export interface HealthCheck {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Time after the start in which failures do not count, in seconds. */
  readonly startPeriodSeconds: number;
  readonly retries: number;
}

/** How the combined health endpoint asks a service, in the service's own protocol. Texts are templates. */
export type Probe =
  | { readonly protocol: "http"; readonly url: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly protocol: "postgres"; readonly host: string; readonly port: string; readonly user: string; readonly database: string; readonly password: SecretName }
  | { readonly protocol: "redis"; readonly host: string; readonly port: string; readonly tls: string; readonly password: SecretName }
  | { readonly protocol: "kafka"; readonly bootstrap: string }
  | { readonly protocol: "grpc"; readonly target: string; readonly service: string };

/** Computing size. The limits are hard. */
export interface Size {
  /** vCPU. */
  readonly cpu: number;
  /** Hard memory limit, MiB. */
  readonly memoryMib: number;
}

/** Size and number of instances on a cloud target; `Size` alone is what the service gets on one host. */
export interface CloudSize extends Size {
  /** Ephemeral disk, GiB. */
  readonly diskGib: number;
  /** Instances in production; a service with volumes always has one. */
  readonly replicas: { readonly min: number; readonly max: number };
}

/** How people and clients outside reach a service on a cloud target: HTTPS on a host name of its own. */
export interface Entry {
  /** `public` answers to the internet, `internal` only inside the network. */
  readonly visibility: "public" | "internal";
  /** Below the stack's domain; empty for the domain itself. */
  readonly subdomain: string;
  /** Name of the port that takes the traffic. */
  readonly port: string;
  /** HTTP question that is answered 2xx by an instance which may get traffic, on `port` unless it names another. */
  readonly health: {
    readonly port?: string;
    readonly path: string;
    /** Host header that the application insists on. */
    readonly host?: string;
  };
}

/** A file that a container finds at its start. The content is a template and holds no secret. */
export interface ConfigFile {
  readonly path: string;
  readonly content: string;
}

/** A persistent folder. */
export interface Volume {
  readonly name: string;
  readonly path: string;
  /** GiB. */
  readonly sizeGib: number;
}

/** Name of a secret of `secrets.ts`. */
export type SecretName = string;

/**
 * Environment: name to template. A template is text with placeholders `{scope.name}`:
 * `{setting.KEY}`, `{secret.NAME}` (alone, never inside other text), `{SERVICE.host}`, `{SERVICE.port}`,
 * `{SERVICE.url}`, `{stack.name}`. A variable whose placeholder has no value in this deployment (a service that is neither
 * deployed nor external, an optional setting that is not set) is left out.
 */
export type Environment = Readonly<Record<string, string>>;

interface Workload {
  readonly name: string;
  /** Name of an image of `images.ts`. */
  readonly image: ImageName;
  readonly owner: Owner;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment: Environment;
  readonly files?: readonly ConfigFile[];
  /** User name or id inside the image; the image's own when absent. */
  readonly user?: string;
  readonly readOnlyRoot: boolean;
  /** Writable in-memory folders; with an owner (`/path:uid=70,gid=70`) where the image has the folder already. */
  readonly tmpfs?: readonly string[];
  readonly size: Size;
  /** Services that must be healthy and jobs that must have succeeded first; those not deployed are ignored. */
  readonly after: readonly string[];
}

/** A long-running service of SomaStack, free of any target. */
export interface Service extends Workload {
  readonly title: string;
  readonly layer: Layer;
  readonly ports: readonly Port[];
  /** Further in-network names. */
  readonly aliases?: readonly string[];
  readonly volumes?: readonly Volume[];
  readonly health: HealthCheck;
  /** HTTP question that a living process answers whatever its dependencies do; absent: it accepts connections on its first port. */
  readonly liveness?: { readonly port: string; readonly path: string; readonly host?: string };
  /** Question of the combined health endpoint; absent for a service without a port. */
  readonly probe?: Probe;
  /** Prometheus scrape target. */
  readonly metrics?: { readonly port: number; readonly path: string };
  /** Path of a page for people, on the published port. */
  readonly page?: string;
  readonly needs: readonly Need[];
  /** Size on a cloud target; its own size, with 20 GiB of disk and one instance, when absent. */
  readonly cloud?: CloudSize;
  /** The way in from outside on a cloud target; absent: reached inside the network only. */
  readonly entry?: Entry;
  /** A data service that some targets take from a managed offer; `password` is the secret it is opened with. */
  readonly data?: {
    readonly kind: DataKind;
    readonly password?: SecretName;
    /** Secrets that only an own server has: a managed one is opened by the role of its users. */
    readonly ownSecrets?: readonly SecretName[];
    /** Whether the combined health asks a managed one too. */
    readonly probed: boolean;
  };
}

/** A task that runs to its end; its failure fails the update. */
export interface Job extends Workload {
  /** Longest run, in seconds. */
  readonly timeoutSeconds: number;
  /** It brings the schema of a database forward: a way back to an earlier release does without it. */
  readonly migrates?: true;
}
