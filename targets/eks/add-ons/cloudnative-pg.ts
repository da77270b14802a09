import type { AddOnDefinition } from "./chart";

/** CloudNativePG: the operator of PostgreSQL. */
export const cloudNativePg: AddOnDefinition = {
  name: "cloudnative-pg",
  chart: { chart: "cloudnative-pg", version: "0.26.1", repository: "https://cloudnative-pg.github.io/charts", namespace: "cnpg-system" },
  onAwsOnly: false,
  values: () => ({ resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } } }),
};
