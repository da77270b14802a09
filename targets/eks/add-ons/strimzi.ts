import type { AddOnDefinition } from "./chart";
import { containerSecurityContext, podSecurityContext } from "./restricted";

/** Strimzi: the operator of Kafka. It makes its pods as Pod Security "restricted" admits them. */
export const strimzi: AddOnDefinition = {
  name: "strimzi",
  chart: { chart: "strimzi-kafka-operator", version: "0.48.0", repository: "https://strimzi.io/charts", namespace: "strimzi" },
  onAwsOnly: false,
  values: () => ({
    watchAnyNamespace: true,
    // The policies of a stack say who reaches its pods.
    generateNetworkPolicy: false,
    extraEnvs: [{ name: "STRIMZI_POD_SECURITY_PROVIDER_CLASS", value: "restricted" }],
    podSecurityContext,
    securityContext: containerSecurityContext,
    resources: { requests: { cpu: "200m", memory: "384Mi" }, limits: { memory: "512Mi" } },
  }),
};
