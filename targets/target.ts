import type { CustomResourceOptions, Input, Resource } from "@pulumi/pulumi";

import type { DataKind } from "../services/types";
import type { SettingValues } from "../settings/definitions";

/** What distinguishes stacks beyond their settings. */
export interface Profile {
  /** Production: data is protected, kept and backed up, in several zones. */
  readonly production: boolean;
  /** Data outlives the removal of its resource from the stack. */
  readonly retainData: boolean;
  /** Days that backups of databases are kept. */
  readonly backupDays: number;
}

/** What every target is made from. */
export interface TargetContext {
  /** Names everything that users see: `somastack-STACK-...`. */
  readonly stack: string;
  readonly values: SettingValues;
  readonly profile: Profile;
  /** Component that owns what belongs to the target as a whole. */
  readonly parent: Resource;
}

/** A secret that is generated and kept. */
export interface GeneratedSource {
  /** `password`: 32 letters and digits; `fernet`: 32 random bytes in URL-safe base64. */
  readonly kind: "password" | "fernet";
  /** How often it has been rotated: 0 by default. The values before are kept. */
  readonly generation?: number;
}

/** How a secret comes to be. */
export type SecretSource =
  | GeneratedSource
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
  /** Names this very image again, for a way back to it. */
  readonly reference: Input<string>;
}

/** What a service and a job have in common. */
export interface WorkloadSpec {
  readonly image: ImageRef;
  /** The operations image: small tools that some targets run beside the workload (health relay, configuration files). */
  readonly helper: ImageRef;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, Input<string>>>;
  readonly secrets: Readonly<Record<string, SecretRef>>;
  /** Files that the process finds at its start. */
  readonly files: readonly { readonly path: string; readonly content: Input<string> }[];
  readonly user?: string;
  readonly readOnlyRoot: boolean;
  readonly tmpfs: readonly string[];
  /** vCPU. */
  readonly cpu: number;
  /** Hard limit, MiB. */
  readonly memoryMib: number;
  /** Ephemeral disk, GiB; absent where the machine's own is used. */
  readonly diskGib?: number;
  /** Services that it calls, and on which port of theirs: the only connections that it needs. */
  readonly calls: readonly { readonly service: string; readonly port: number }[];
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
  /** Asked by HTTP of a living process; absent: it accepts connections on its first port. */
  readonly liveness?: { readonly port: number; readonly path: string; readonly host?: string };
  readonly replicas: { readonly min: number; readonly max: number };
  /** The way in from outside; absent on a host, where published ports are. */
  readonly entry?: EntrySpec;
  /** An application that users call: some targets run it elsewhere than the rest. */
  readonly front?: boolean;
}

/** The public or internal HTTPS entry of a service. */
export interface EntrySpec {
  readonly visibility: "public" | "internal";
  /** Full host name. */
  readonly hostname: string;
  /** Container port that takes the traffic. */
  readonly port: number;
  /** Answered 2xx by an instance that may get traffic. `host` is the Host header that the application insists on. */
  readonly health: { readonly port: number; readonly path: string; readonly host?: string };
  readonly websocket: boolean;
}

/** A managed data service. */
export interface DataSpec {
  /** Opens it; a cloud without passwords for this kind has none. */
  readonly password?: SecretRef;
  /** GiB to start with. */
  readonly storageGib: number;
}

/** A task that runs to its end; its failure fails the update and names exit code and last log lines. */
export interface JobSpec extends WorkloadSpec {
  readonly timeoutSeconds: number;
}

/** A service that runs: the values of its placeholders, and the resource that is there once it is healthy. */
export interface Service {
  readonly resource: Resource;
  /**
   * Placeholders of the catalog by their last part (`host`, `port`, `url`, ...) where this target gives another value than the
   * catalog's own, such as the address of a managed database.
   */
  readonly bindings: Readonly<Record<string, Input<string>>>;
  /** Where users reach it, when not under a published port of this machine. */
  readonly url?: Input<string>;
}

/** A job that has succeeded. */
export interface Job {
  readonly resource: Resource;
}

/** Options of every resource a target makes. */
export type Options = Pick<CustomResourceOptions, "parent" | "dependsOn">;

/** Where SomaStack runs. One implementation a target; none knows a SomaStack service by name. */
export interface Target {
  /** Creates a secret and gives its handle. */
  secret(name: string, source: SecretSource, options: Options): SecretRef;
  /** Creates a persistent folder; it outlives the services that use it. */
  volume(name: string, spec: { readonly sizeGib: number }, options: Options): VolumeRef;
  /** Pulls or builds an image. */
  image(name: string, source: ImageSource, options: Options): ImageRef;
  /** A managed data service, of a kind that the target's capabilities name. */
  data(kind: DataKind, name: string, spec: DataSpec, options: Options): Service;
  /** Runs a job to its end. */
  job(name: string, spec: JobSpec, options: Options): Job;
  /** Runs a service; its resource is complete when the service is healthy. */
  service(name: string, spec: ServiceSpec, options: Options): Service;
  /** Everything is declared: a target that puts several services onto one machine makes its machines now. */
  complete?(): void;
  /** Facts of the target for the stack's outputs, such as the name of a cluster. */
  readonly outputs?: Readonly<Record<string, Input<unknown>>>;
}
