import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Exposure } from "../aws/entrances";

/** What is scaled. */
export interface Scaled {
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  readonly replicas: { readonly min: number; readonly max: number };
  readonly exposure?: Exposure;
}

/** Per cent of the reserved vCPU and memory that the number of tasks keeps to. */
const targetPercent = { cpu: 60, memory: 75 } as const;

/** Requests that a task takes, a minute. */
const targetRequests = 1000;

/** Seconds in which tasks are neither added nor taken away again. */
const cooldown = { scaleOutCooldown: 60, scaleInCooldown: 300 } as const;

/** Lets the number of a service's tasks follow its load: processor, memory and, behind an entry, requests. */
export function scaleService(name: string, { clusterName, serviceName, replicas, exposure }: Scaled, parent: pulumi.Resource): void {
  const target = new aws.appautoscaling.Target(name, {
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    resourceId: pulumi.interpolate`service/${clusterName}/${serviceName}`,
    minCapacity: replicas.min,
    maxCapacity: replicas.max,
  }, { parent });
  const policy = (metric: string, configuration: aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration): void => {
    new aws.appautoscaling.Policy(`${name}-${metric}`, {
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: { ...cooldown, ...configuration },
    }, { parent });
  };
  policy("cpu", { targetValue: targetPercent.cpu, predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" } });
  policy("memory", { targetValue: targetPercent.memory, predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageMemoryUtilization" } });
  if (exposure !== undefined) policy("requests", { targetValue: targetRequests, customizedMetricSpecification: { metrics: requestsPerTarget(exposure) } });
}

/** Requests a target and minute over both target groups: of a blue/green pair only one has the traffic, and which one changes. */
function requestsPerTarget({ targetGroup, alternate }: Exposure): aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetric[] {
  const groups = [targetGroup, ...(alternate === undefined ? [] : [alternate])];
  const ids = groups.map((_, index) => `group${index}`);
  return [
    ...groups.map((group, index) => ({
      id: ids[index] ?? "",
      metricStat: {
        metric: { namespace: "AWS/ApplicationELB", metricName: "RequestCountPerTarget", dimensions: [{ name: "TargetGroup", value: group.arnSuffix }] },
        stat: "Sum",
      },
      returnData: false,
    })),
    { id: "requests", label: "Requests a target and minute", expression: ids.map((id) => `FILL(${id}, 0)`).join(" + "), returnData: true },
  ];
}
