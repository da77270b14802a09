import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { callLabel, labelsOf } from "../labels";
import type { Place } from "../place";
import type { DataSpec } from "../../target";

/** What data in the cluster is made from. */
export interface OperatedArgs {
  readonly place: Place;
  readonly spec: DataSpec;
  readonly production: boolean;
  /** There before its pods: the operator among others. */
  readonly waitFor: readonly pulumi.Resource[];
}

/** An object that its operator brings to life, and the values of the service's placeholders. */
export interface Operated {
  readonly resource: pulumi.Resource;
  readonly bindings: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Seconds for a new node, images and the first start of every instance. */
const patienceSeconds = 1200;

/** The object of an operator. `ready` is what the provider waits for, in the words of `kubectl wait --for`. */
export function operatedObject(name: string, object: { readonly apiVersion: string; readonly kind: string; readonly ready?: string; readonly labels?: Record<string, string>; readonly annotations?: Record<string, string>; readonly spec: object }, { place, production, waitFor }: OperatedArgs, options: pulumi.CustomResourceOptions): k8s.apiextensions.CustomResource {
  const { apiVersion, kind, ready, labels, annotations, spec } = object;
  const notes = { ...(ready === undefined ? {} : { "pulumi.com/waitFor": ready }), ...annotations };
  return new k8s.apiextensions.CustomResource(name, {
    apiVersion, kind, spec,
    metadata: {
      name, namespace: place.namespace.name, labels: { ...labelsOf(name, place.stack), ...labels },
      // The server keeps no empty map, which would count as a change at every update.
      ...(Object.keys(notes).length === 0 ? {} : { annotations: notes }),
    },
  }, {
    ...options, provider: place.namespace.provider, protect: production, dependsOn: [...waitFor, ...place.platform.cluster.ready],
    customTimeouts: { create: `${patienceSeconds}s`, update: `${patienceSeconds}s` },
  });
}

/**
 * The connections of an operator's pods: in on the service's port from who calls it, on any port from each other and from the operator;
 * out to each other and to the API server, which their agents talk to.
 */
export function operatedPolicy(name: string, pods: Record<string, string>, port: number, operatorNamespace: string, { place }: OperatedArgs, options: pulumi.CustomResourceOptions): k8s.networking.v1.NetworkPolicy {
  const own = [{ podSelector: { matchLabels: pods } }];
  return new k8s.networking.v1.NetworkPolicy(name, {
    metadata: { name, namespace: place.namespace.name, labels: labelsOf(name, place.stack) },
    spec: {
      podSelector: { matchLabels: pods },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [{ podSelector: { matchLabels: { [callLabel(name, port)]: "true" } } }], ports: [{ protocol: "TCP", port }] },
        { from: [...own, { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": operatorNamespace } } }] },
      ],
      // The API server's address is the cluster's choice: behind 443, or on 6443 itself.
      egress: [{ to: own }, { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [443, 6443].map((api) => ({ protocol: "TCP", port: api })) }],
    },
  }, { ...options, provider: place.namespace.provider });
}
