import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { EntrySpec } from "../target";
import type { WayIn } from "./cluster";
import { noWait } from "./labels";

/** The HTTPS entry of a service. Who serves it is the cluster's controller; nothing waits for its address, which DNS gives. */
export function createIngress(name: string, entry: EntrySpec, wayIn: WayIn, namespace: pulumi.Output<string>, options: pulumi.CustomResourceOptions): k8s.networking.v1.Ingress {
  return new k8s.networking.v1.Ingress(name, {
    metadata: { name, namespace, annotations: { ...noWait, ...wayIn.annotations(entry) } },
    spec: {
      ...(wayIn.className === undefined ? {} : { ingressClassName: wayIn.className }),
      ...(wayIn.tlsSecret ? { tls: [{ hosts: [entry.hostname], secretName: `${name}-tls` }] } : {}),
      rules: [{ host: entry.hostname, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name, port: { number: entry.port } } } }] } }],
    },
  }, options);
}
