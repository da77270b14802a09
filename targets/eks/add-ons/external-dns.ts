import type { AddOnDefinition } from "./chart";
import { containerSecurityContext } from "./restricted";

/** Account that ExternalDNS runs under; Pod Identity gives it its role. */
export const dnsAccount = { namespace: "external-dns", name: "external-dns" } as const;

/** ExternalDNS: records of the entries in the hosted zone. It removes only what it has made itself, as its TXT records tell. */
export const externalDns: AddOnDefinition = {
  name: "external-dns",
  chart: { chart: "external-dns", version: "1.18.0", repository: "https://kubernetes-sigs.github.io/external-dns/", namespace: dnsAccount.namespace },
  onAwsOnly: true,
  values: ({ aws }) => {
    const { stack, values } = aws?.foundation.context ?? {};
    return {
      provider: { name: "aws" },
      sources: ["ingress"],
      policy: "sync",
      registry: "txt",
      txtOwnerId: `somastack-${stack}`,
      domainFilters: [values?.domain],
      extraArgs: [`--zone-id-filter=${values?.hostedZoneId}`],
      env: [{ name: "AWS_DEFAULT_REGION", value: values?.region }],
      serviceAccount: { create: true, name: dnsAccount.name },
      securityContext: { ...containerSecurityContext, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    };
  },
};
