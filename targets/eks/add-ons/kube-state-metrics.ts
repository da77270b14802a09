import type { AddOnDefinition } from "./chart";
import { containerSecurityContext, podSecurityContext } from "./restricted";

/** kube-state-metrics: the state of the cluster's objects for Prometheus. */
export const kubeStateMetrics: AddOnDefinition = {
  name: "kube-state-metrics",
  chart: { chart: "kube-state-metrics", version: "6.1.0", repository: "https://prometheus-community.github.io/helm-charts", namespace: "kube-state-metrics" },
  onAwsOnly: false,
  values: () => ({
    securityContext: { enabled: true, ...podSecurityContext },
    containerSecurityContext,
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  }),
};
