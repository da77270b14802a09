import type { AddOnDefinition } from "./chart";

/** Account that the controller runs under; Pod Identity gives it its role. */
export const controllerAccount = { namespace: "kube-system", name: "aws-load-balancer-controller" } as const;

/** AWS Load Balancer Controller: an Application Load Balancer for each visibility of the entries. */
export const loadBalancerController: AddOnDefinition = {
  name: "aws-load-balancer-controller",
  chart: { chart: "aws-load-balancer-controller", version: "1.13.4", repository: "https://aws.github.io/eks-charts", namespace: controllerAccount.namespace },
  onAwsOnly: true,
  values: ({ aws }) => ({
    clusterName: aws?.name,
    region: aws?.foundation.context.values.region,
    vpcId: aws?.foundation.network.vpcId,
    serviceAccount: { create: true, name: controllerAccount.name },
    replicaCount: 2,
    podDisruptionBudget: { maxUnavailable: 1 },
    // Other Services keep the cluster's own handling of load balancers.
    enableServiceMutatorWebhook: false,
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
  }),
};
