import type { GoProgram } from "./go-programs";

/** Version of Kubernetes of the test cluster's control plane. */
export const kubernetesVersion = "v1.34.4";

/** etcd, API server, controller manager and scheduler in one executable. */
export const controlPlane: GoProgram = {
  name: "control-plane",
  module: "control-plane",
  package: ".",
  version: kubernetesVersion,
  versionVariable: "k8s.io/component-base/version.gitVersion",
};

/** Makes nodes and pods ready without a kubelet. */
export const kwok: GoProgram = {
  name: "kwok",
  module: "kwok",
  package: "sigs.k8s.io/kwok/cmd/kwok",
  version: "v0.7.0",
  versionVariable: "sigs.k8s.io/kwok/pkg/consts.Version",
};

/** Pulumi's Kubernetes provider, under the version of the npm package. */
export function kubernetesPlugin(version: string): GoProgram {
  return { name: "pulumi-resource-kubernetes", module: "kubernetes-plugin", package: ".", version, versionVariable: "main.version" };
}
