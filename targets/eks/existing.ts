import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ImageSource, Options, SecretSource, Service, TargetContext } from "../target";
import { absentAddOns, installAddOns } from "./add-ons/install";
import { clientSettings } from "./client-settings";
import type { Cluster } from "./cluster";
import { issuerName } from "./add-ons/cert-manager";
import { pulledImage, type KubernetesImage } from "./image";
import { namespaceName } from "./namespace";
import type { Platform } from "./platform";
import { secretValue } from "./secret";

/** A conforming cluster that is there already, by kubeconfig and context. */
export class ExistingPlatform extends pulumi.ComponentResource implements Platform {
  readonly cluster: Cluster;

  constructor(name: string, { stack, values, parent }: TargetContext) {
    super("somastack:eks:ExistingCluster", name, {}, { parent });
    const { kubeconfig, context, manifests } = values.cluster;
    const provider = new k8s.Provider(name, {
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
      ...(manifests === undefined ? {} : { renderYamlToDirectory: manifests }),
      ...clientSettings,
    }, { parent: this });
    this.cluster = {
      provider,
      wayIn: {
        annotations: (entry) => ({
          "cert-manager.io/cluster-issuer": issuerName,
          // A WebSocket is quiet for longer than nginx's default of a minute.
          ...(entry.websocket ? { "nginx.ingress.kubernetes.io/proxy-read-timeout": "3600", "nginx.ingress.kubernetes.io/proxy-send-timeout": "3600" } : {}),
        }),
        tlsSecret: true,
        // The controller's namespace is the cluster's choice; the stack's own pods come in by the calls that they make.
        peers: [{ namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: [namespaceName(stack)] }] } }],
      },
      ready: installAddOns(provider, absentAddOns(values.cluster), undefined, this),
      outputs: { cluster: manifests ?? context ?? "default context", ...(kubeconfig === undefined ? {} : { kubeconfig }) },
    };
    this.registerOutputs({});
  }

  secret(name: string, source: SecretSource, options: Options): { readonly value: pulumi.Output<string> } {
    return { value: secretValue(name, source, options) };
  }

  image(name: string, source: ImageSource): KubernetesImage {
    return pulledImage(name, source);
  }

  data(kind: string): Service {
    throw new Error(`an existing cluster has no managed ${kind}; leave somastack:cluster.data unset, or set it to plain`);
  }

  grant(): pulumi.Resource[] {
    return [];
  }
}
