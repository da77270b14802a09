import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";

/** Per cent of a service's processors and memory from which someone should look. */
const highPercent = { cpu: 90, memory: 90 } as const;

/** The golden signals of a service's tasks: saturation of processor and memory, and how many run. Those of its entry belong to the entrance. */
export function addAlarms(name: string, { alarms, context }: AwsFoundation, clusterName: pulumi.Input<string>, wantedTasks: number, parent: pulumi.Resource): { readonly deployment: aws.cloudwatch.MetricAlarm } {
  const dimensions = { ClusterName: clusterName, ServiceName: name };
  const common = { dimensions, period: 60, comparisonOperator: "GreaterThanOrEqualToThreshold", statistic: "Average", treatMissingData: "notBreaching" };
  const what = `${name} of the stack ${context.stack}`;
  alarms.add(`${name}-cpu`, {
    ...common, namespace: "AWS/ECS", metricName: "CPUUtilization", threshold: highPercent.cpu, evaluationPeriods: 10,
    alarmDescription: `${what} has used ${highPercent.cpu} % of its processors for ten minutes`,
  }, parent);
  const memory = alarms.add(`${name}-memory`, {
    ...common, namespace: "AWS/ECS", metricName: "MemoryUtilization", threshold: highPercent.memory, evaluationPeriods: 5,
    alarmDescription: `${what} has used ${highPercent.memory} % of its memory for five minutes; a new version that does is rolled back`,
  }, parent);
  alarms.add(`${name}-tasks`, {
    ...common, namespace: "ECS/ContainerInsights", metricName: "RunningTaskCount", statistic: "Minimum", comparisonOperator: "LessThanThreshold", threshold: wantedTasks, evaluationPeriods: 5,
    alarmDescription: `fewer than ${wantedTasks} tasks of ${what} have run for five minutes`,
  }, parent);
  return { deployment: memory };
}
