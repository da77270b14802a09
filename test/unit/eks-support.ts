import { runProgram, type Registered, type Run } from "./program-support";

/** References in place of the images that would be built: an existing cluster pulls everything. */
export const pulledImages = JSON.stringify(Object.fromEntries(["agent", "brain", "memory", "ops"].map((name) => [name, `registry.example.com/${name}:1.0.0`])));

/** Add-ons that a cluster of the tests has already: every chart. */
const everyChart = ["metrics-server", "cert-manager", "vertical-pod-autoscaler", "kube-state-metrics"];

/** Configuration of a stack on a cluster that is there. */
export function existingCluster(cluster: Record<string, unknown> = { without: everyChart }, more: Record<string, string> = {}): Record<string, string> {
  return { deploymentTarget: "EKS", domain: "agent.example.com", images: pulledImages, cluster: JSON.stringify({ context: "test", ...cluster }), ...more };
}

/** Configuration of a stack on a new cluster. */
export function newCluster(cluster: Record<string, unknown> = {}, more: Record<string, string> = {}): Record<string, string> {
  return { deploymentTarget: "EKS", domain: "agent.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ", cluster: JSON.stringify(cluster), ...more };
}

/** Runs the program for a configuration. */
export const run = runProgram;

/** The one resource of a kind and name. */
export function one(from: Run, type: string, name: string): Registered {
  const found = from.resources.filter((resource) => resource.type === type && resource.name === name);
  const first = found[0];
  if (first === undefined || found.length > 1) throw new Error(`${found.length} resources ${type} ${name}`);
  return first;
}

/** The resources of a kind. */
export function all(from: Run, type: string): readonly Registered[] {
  return from.resources.filter((resource) => resource.type === type);
}

/** Types of the Kubernetes objects that the tests look at. */
export const types = {
  deployment: "kubernetes:apps/v1:Deployment",
  statefulSet: "kubernetes:apps/v1:StatefulSet",
  service: "kubernetes:core/v1:Service",
  secret: "kubernetes:core/v1:Secret",
  configMap: "kubernetes:core/v1:ConfigMap",
  claim: "kubernetes:core/v1:PersistentVolumeClaim",
  namespace: "kubernetes:core/v1:Namespace",
  account: "kubernetes:core/v1:ServiceAccount",
  job: "kubernetes:batch/v1:Job",
  policy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  ingress: "kubernetes:networking.k8s.io/v1:Ingress",
  budget: "kubernetes:policy/v1:PodDisruptionBudget",
  autoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  release: "kubernetes:helm.sh/v3:Release",
} as const;
