import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { TargetContext } from "../../target";
import type { AddOn } from "../cluster";
import { certManager } from "./cert-manager";
import { installChart, type AddOnContext, type AddOnDefinition } from "./chart";
import { cloudNativePg } from "./cloudnative-pg";
import { externalDns } from "./external-dns";
import { kubeStateMetrics } from "./kube-state-metrics";
import { loadBalancerController } from "./load-balancer-controller";
import { metricsServer } from "./metrics-server";
import { redisOperator } from "./redis-operator";
import { strimzi } from "./strimzi";
import { verticalPodAutoscaler } from "./vertical-pod-autoscaler";

/** Add-ons that come as charts, in their order; storage drivers of EKS are add-ons of the cluster itself. */
const charts: readonly AddOnDefinition[] = [metricsServer, certManager, verticalPodAutoscaler, kubeStateMetrics, loadBalancerController, externalDns, cloudNativePg, strimzi, redisOperator];

const operators: readonly AddOn[] = [cloudNativePg, strimzi, redisOperator].map(({ name }) => name);

/** The add-ons that a stack does not install: those that its cluster has, and operators of data that is not theirs. */
export function absentAddOns({ without, data }: TargetContext["values"]["cluster"]): AddOn[] {
  return [...without, ...(data === "operators" ? [] : operators)];
}

/**
 * Installs the add-ons that the cluster does not have.
 *
 * @param without those it has
 * @param aws the AWS parts; absent on a cluster of other hands, which gets no add-on for AWS
 * @param waitFor by add-on, what its pods need before they start, such as their role
 */
export function installAddOns(provider: k8s.Provider, without: readonly AddOn[], aws: AddOnContext["aws"], parent: pulumi.ComponentResource, waitFor: Readonly<Partial<Record<AddOn, readonly pulumi.Resource[]>>> = {}): pulumi.Resource[] {
  const context: AddOnContext = { aws };
  return charts.filter((addOn) => isInstalled(addOn.name, without, aws)).flatMap((addOn) => {
    const release = installChart(addOn, context, { parent, provider, dependsOn: [...(waitFor[addOn.name] ?? [])] });
    return [release, ...(addOn.objects?.(context, { parent, provider, dependsOn: [release] }) ?? [])];
  });
}

/** Whether this stack installs an add-on. */
export function isInstalled(name: AddOn, without: readonly AddOn[], aws: AddOnContext["aws"]): boolean {
  if (without.includes(name)) return false;
  const chart = charts.find((addOn) => addOn.name === name);
  if (chart?.onAwsOnly === true && aws === undefined) return false;
  // Without a hosted zone there is nothing that ExternalDNS could keep.
  return name !== "external-dns" || aws?.foundation.context.values.hostedZoneId !== undefined;
}
