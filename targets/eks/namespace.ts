import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Profile } from "../target";
import type { Cluster } from "./cluster";

/**
 * The namespace of a stack: `somastack-STACK`. Its admission enforces Pod Security "restricted", and no pod of it is reached or
 * reaches anything but by a policy of its own; every pod may ask the cluster's DNS.
 */
export class Namespace extends pulumi.ComponentResource {
  readonly provider: k8s.Provider;
  readonly name: pulumi.Output<string>;

  constructor(name: string, { cluster, stack, profile }: { readonly cluster: Cluster; readonly stack: string; readonly profile: Profile }, options: pulumi.ComponentResourceOptions) {
    super("somastack:eks:Namespace", name, {}, options);
    this.provider = cluster.provider;
    const place = { parent: this, provider: cluster.provider };
    const namespace = new k8s.core.v1.Namespace(name, {
      metadata: { name: namespaceName(stack), labels: { ...restricted, "app.kubernetes.io/part-of": "somastack", "app.kubernetes.io/instance": stack } },
    }, { ...place, protect: profile.production, retainOnDelete: profile.retainData });
    this.name = namespace.metadata.name;
    const metadata = (policy: string): k8s.types.input.meta.v1.ObjectMeta => ({ name: policy, namespace: this.name });
    new k8s.networking.v1.NetworkPolicy("default-deny", { metadata: metadata("default-deny"), spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } }, place);
    new k8s.networking.v1.NetworkPolicy("allow-dns", { metadata: metadata("allow-dns"), spec: { podSelector: {}, policyTypes: ["Egress"], egress: [dns] } }, place);
    this.registerOutputs({});
  }
}

/** Name of a stack's namespace. */
export function namespaceName(stack: string): string {
  return `somastack-${stack}`;
}

/** Labels that the Pod Security admission reads (Kubernetes documentation, "Enforce Pod Security Standards with Namespace Labels"). */
const restricted = Object.fromEntries(["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]));

/** The cluster's DNS in `kube-system`, and the cache that some clusters have on every node. */
const dns: k8s.types.input.networking.v1.NetworkPolicyEgressRule = {
  to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }, { ipBlock: { cidr: "169.254.20.10/32" } }],
  ports: [{ protocol: "UDP", port: 53 }, { protocol: "TCP", port: 53 }],
};
