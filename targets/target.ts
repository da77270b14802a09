import type { CustomResourceOptions, Input, Resource } from "@pulumi/pulumi";

/** What a target can do; compared with the needs of the catalog before any resource exists. */
export interface Capabilities {
  readonly websocket: boolean;
  readonly grpc: boolean;
  readonly persistentDisk: boolean;
}

/** How a secret comes to be. */
export type SecretSource =
  /** 32 letters and digits, generated once and kept. */
  | { readonly kind: "password" }
  /** 32 random bytes in URL-safe base64, generated once and kept. */
  | { readonly kind: "fernet" }
  | { readonly kind: "value"; readonly value: Input<string> }
  /** Text around other secrets, such as a connection string. */
  | { readonly kind: "text"; readonly parts: readonly (Input<string> | SecretRef)[] };

/** A handle of a secret: what may be passed on, never the value. */
export interface SecretRef {
  readonly secretName: string;
}

/** A persistent folder that the target has made. */
export interface VolumeRef {
  readonly volumeName: string;
}

/** Where an image comes from. */
export type ImageSource =
  | { readonly reference: string }
  | {
      /** Folder on this machine, absolute. */
      readonly context: string;
      /** Dockerfile, absolute. */
      readonly dockerfile: string;
      readonly target?: string;
      readonly args: Readonly<Record<string, string>>;
      /** Changes when the sources change. */
      readonly contentKey: string;
    };

/** An image that the target can run. */
export interface ImageRef {
  readonly imageName: string;
}

/** What a service and a job have in common. */
export interface WorkloadSpec {
  readonly image: ImageRef;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, Input<string>>>;
  readonly secrets: Readonly<Record<string, SecretRef>>;
  /** Files that the process finds at its start. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly user?: string;
  readonly readOnlyRoot: boolean;
  readonly tmpfs: readonly string[];
  /** vCPU. */
  readonly cpu: number;
  /** Hard limit, MiB. */
  readonly memoryMib: number;
}

/** A long-running service, free of any target. */
export interface ServiceSpec extends WorkloadSpec {
  readonly ports: readonly { readonly name: string; readonly container: number; readonly published?: number; readonly protocol: "http" | "grpc" | "tcp" }[];
  /** Further in-network names. */
  readonly aliases: readonly string[];
  readonly volumes: readonly { readonly volume: VolumeRef; readonly path: string }[];
  readonly health: {
    readonly command: readonly string[];
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly startPeriodSeconds: number;
    readonly retries: number;
  };
}

/** A task that runs to its end; its failure fails the update and names exit code and last log lines. */
export interface JobSpec extends WorkloadSpec {
  readonly timeoutSeconds: number;
}

/** A service that runs: its in-network address, and the resource that is there once it is healthy. */
export interface Service {
  readonly host: Input<string>;
  readonly resource: Resource;
}

/** A job that has succeeded. */
export interface Job {
  readonly resource: Resource;
}

/** Options of every resource a target makes. */
export type Options = Pick<CustomResourceOptions, "parent" | "dependsOn">;

/** The data services have methods of their own, since targets with managed ones answer the same shape from elsewhere. */
export type DataServiceKind = "postgres" | "redis" | "kafka" | "objectStore";

/** Where SomaStack runs. One implementation a target; none knows a SomaStack service by name. */
export interface Target {
  readonly capabilities: Capabilities;
  /** Creates a secret and gives its handle. */
  secret(name: string, source: SecretSource, options: Options): SecretRef;
  /** Creates a persistent folder; it outlives the services that use it. */
  volume(name: string, spec: { readonly sizeGib: number }, options: Options): VolumeRef;
  /** Pulls or builds an image. */
  image(name: string, source: ImageSource, options: Options): ImageRef;
  /** A data service: a container, or a managed one. */
  data(kind: DataServiceKind, name: string, spec: ServiceSpec, options: Options): Service;
  /** Runs a job to its end. */
  job(name: string, spec: JobSpec, options: Options): Job;
  /** Runs a service; its resource is complete when the service is healthy. */
  service(name: string, spec: ServiceSpec, options: Options): Service;
}
