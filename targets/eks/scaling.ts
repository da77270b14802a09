import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { ServiceSpec } from "../target";
import { nameLabel } from "./labels";

/** The workload that is scaled. */
export interface Scaled {
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  readonly kind: "Deployment" | "StatefulSet";
  readonly replicas: ServiceSpec["replicas"];
  /** Whether the cluster's Vertical Pod Autoscaler is there. */
  readonly verticalAutoscaler: boolean;
}

/** Average use of the requested CPU and memory above which instances are added, percent. */
const target = { cpu: 70, memory: 80 } as const;

/**
 * More instances under load (HPA), one out of service at a time (PodDisruptionBudget), and advice on sizes (VPA, mode Off: it never
 * acts, so it cannot fight the HPA over the same metric).
 */
export function scale({ name, namespace, kind, replicas, verticalAutoscaler }: Scaled, options: pulumi.CustomResourceOptions): void {
  const metadata = { name, namespace };
  const reference = { apiVersion: "apps/v1", kind, name };
  if (replicas.max > replicas.min) {
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(name, {
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        scaleTargetRef: reference,
        minReplicas: replicas.min,
        maxReplicas: replicas.max,
        metrics: Object.entries(target).map(([resource, averageUtilization]) => ({ type: "Resource", resource: { name: resource, target: { type: "Utilization", averageUtilization } } })),
        behavior: {
          // Up at once and at most twice as many, down one a minute after five quiet minutes.
          scaleUp: { stabilizationWindowSeconds: 0, selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 60 }, { type: "Pods", value: 2, periodSeconds: 60 }] },
          scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
        },
      },
    }, options);
  }
  // A budget for a single instance would keep its node from ever being drained.
  if (replicas.min > 1) {
    new k8s.policy.v1.PodDisruptionBudget(name, { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: { [nameLabel]: name } } } }, options);
  }
  if (verticalAutoscaler) {
    new k8s.apiextensions.CustomResource(name, {
      apiVersion: "autoscaling.k8s.io/v1", kind: "VerticalPodAutoscaler", metadata,
      spec: { targetRef: reference, updatePolicy: { updateMode: "Off" } },
    }, options);
  }
}
