import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Options, WorkloadSpec } from "../target";
import type { AddOn } from "./cluster";
import { fileKey } from "./pod";
import { labelsOf } from "./labels";
import type { Namespace } from "./namespace";
import type { Platform } from "./platform";
import { policyOf, type PolicySpec } from "./policy";

/** Where workloads of a stack are put. */
export interface Place {
  readonly stack: string;
  readonly platform: Platform;
  readonly namespace: Namespace;
  /** Names of the services that are managed, and not pods. */
  readonly managed: ReadonlySet<string>;
  readonly externalPorts: readonly number[];
  readonly installs: (addOn: AddOn) => boolean;
}

/** What every workload stands on: its account, its files and its connections. */
export interface Base {
  readonly serviceAccount: pulumi.Output<string>;
  /** Name of the ConfigMap with its files; absent when it has none. */
  readonly files?: pulumi.Output<string>;
  /** There before the first pod starts. */
  readonly resources: readonly pulumi.Resource[];
}

/** Makes the account, files and network policy of a workload as children of its component. */
export function createBase(name: string, spec: WorkloadSpec, place: Place, opening: Pick<PolicySpec, "ports" | "entry">, parent: pulumi.ComponentResource): Base {
  const { namespace, platform, stack } = place;
  const options = { parent, provider: namespace.provider };
  const metadata = { name, namespace: namespace.name, labels: labelsOf(name, stack) };
  const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, options);
  const { foundation } = platform.cluster.aws ?? {};
  const policy = new k8s.networking.v1.NetworkPolicy(name, {
    metadata,
    spec: policyOf(name, {
      ...opening,
      calls: spec.calls,
      peers: platform.cluster.wayIn.peers,
      ...(foundation === undefined ? {} : { podIdentity: true }),
      outside: { services: place.managed, ...(foundation === undefined ? {} : { cidr: foundation.network.cidr }) },
      externalPorts: place.externalPorts,
    }),
  }, options);
  const grants = platform.grant(name, namespace.name, spec.calls.filter(({ service }) => place.managed.has(service)), parent);
  const files = spec.files.length === 0 ? undefined : new k8s.core.v1.ConfigMap(name, { metadata, data: Object.fromEntries(spec.files.map(({ path, content }) => [fileKey(path), content])) }, options);
  return { serviceAccount: account.metadata.name, ...(files === undefined ? {} : { files: files.metadata.name }), resources: [policy, ...grants] };
}

/** The resources of an option `dependsOn`: one, or a list as the program gives it. */
export function dependenciesOf(dependsOn: Options["dependsOn"]): pulumi.Resource[] {
  const list: unknown[] = Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  return list.filter((item) => pulumi.Resource.isInstance(item));
}
