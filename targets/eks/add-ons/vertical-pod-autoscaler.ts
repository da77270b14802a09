import type { AddOnDefinition } from "./chart";

/** The recommender of the Vertical Pod Autoscaler alone: it advises, and nothing acts on its advice. */
export const verticalPodAutoscaler: AddOnDefinition = {
  name: "vertical-pod-autoscaler",
  chart: { chart: "vpa", version: "4.7.2", repository: "https://charts.fairwinds.com/stable", namespace: "vertical-pod-autoscaler" },
  onAwsOnly: false,
  values: () => ({
    recommender: { enabled: true, resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "512Mi" } } },
    updater: { enabled: false },
    admissionController: { enabled: false },
  }),
};
