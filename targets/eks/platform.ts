import type * as pulumi from "@pulumi/pulumi";

import type { DataKind } from "../../services/types";
import type { DataSpec, ImageSource, Options, SecretRef, SecretSource, Service, WorkloadSpec } from "../target";
import type { Cluster } from "./cluster";
import type { KubernetesImage } from "./image";

/** What a cluster stands on: where its images, the values of its secrets and its managed data come from. */
export interface Platform {
  readonly cluster: Cluster;
  /** The value of a secret, and the handle that managed data wants. */
  secret(name: string, source: SecretSource, options: Options): { readonly value: pulumi.Output<string>; readonly managed?: SecretRef };
  image(name: string, source: ImageSource, options: Options): KubernetesImage;
  data(kind: DataKind, name: string, spec: DataSpec, options: Options): Service;
  /** Opens the managed services that pods call to them, and gives their account what those want beside a password. */
  grant(name: string, namespace: pulumi.Output<string>, calls: WorkloadSpec["calls"], parent: pulumi.Resource): pulumi.Resource[];
}
