import type { AddOnDefinition } from "./chart";

/** The Redis operator of Opstree. Its webhook converts versions of objects that nothing here writes. */
export const redisOperator: AddOnDefinition = {
  name: "redis-operator",
  chart: { chart: "redis-operator", version: "0.20.1", repository: "https://ot-container-kit.github.io/helm-charts/", namespace: "redis-operator" },
  onAwsOnly: false,
  values: () => ({ redisOperator: { webhook: false }, certmanager: { enabled: false }, resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } } }),
};
