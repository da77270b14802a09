import type { AddOnDefinition } from "./chart";

/** metrics-server: use of CPU and memory, which the autoscalers read. */
export const metricsServer: AddOnDefinition = {
  name: "metrics-server",
  chart: { chart: "metrics-server", version: "3.13.0", repository: "https://kubernetes-sigs.github.io/metrics-server/", namespace: "kube-system" },
  onAwsOnly: false,
  values: () => ({ replicas: 2, podDisruptionBudget: { enabled: true, minAvailable: 1 }, resources: { requests: { cpu: "100m", memory: "200Mi" }, limits: { memory: "400Mi" } } }),
};
