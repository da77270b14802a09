import * as k8s from "@pulumi/kubernetes";

import type { AddOnDefinition } from "./chart";

/** Name of the issuer of certificates; on a cluster that has cert-manager already, an issuer of this name must be there. */
export const issuerName = "somastack";

/** cert-manager: certificates of the entries, from Let's Encrypt (cert-manager documentation, "ACME"). */
export const certManager: AddOnDefinition = {
  name: "cert-manager",
  chart: { chart: "cert-manager", version: "v1.18.2", repository: "https://charts.jetstack.io", namespace: "cert-manager" },
  onAwsOnly: false,
  values: () => ({
    crds: { enabled: true, keep: true },
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    webhook: { resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "128Mi" } } },
    cainjector: { resources: { requests: { cpu: "20m", memory: "128Mi" }, limits: { memory: "512Mi" } } },
  }),
  objects: (_context, options) => [
    new k8s.apiextensions.CustomResource("issuer", {
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      metadata: { name: issuerName },
      spec: { acme: { server: "https://acme-v02.api.letsencrypt.org/directory", privateKeySecretRef: { name: "somastack-acme" }, solvers: [{ http01: { ingress: {} } }] } },
    }, options),
  ],
};
