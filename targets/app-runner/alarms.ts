import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";

/** Per cent of an instance's processors and memory from which someone should look. */
const highPercent = 90;

/** The golden signals of an App Runner service: errors, latency, saturation of processor and memory. */
export function addAlarms(name: string, { alarms, context: { stack } }: AwsFoundation, service: aws.apprunner.Service, parent: pulumi.Resource): void {
  const common = {
    namespace: "AWS/AppRunner", dimensions: { ServiceName: service.serviceName, ServiceID: service.serviceId }, period: 60, comparisonOperator: "GreaterThanOrEqualToThreshold",
  };
  const what = `${name} of the stack ${stack}`;
  alarms.add(`${name}-errors`, { ...common, metricName: "5xxStatusResponses", statistic: "Sum", threshold: 10, evaluationPeriods: 5, alarmDescription: `${what} has answered with errors for five minutes` }, parent);
  alarms.add(`${name}-latency`, { ...common, metricName: "RequestLatency", extendedStatistic: "p95", threshold: 2000, evaluationPeriods: 5, alarmDescription: `95 of 100 answers of ${what} have taken longer than 2 s for five minutes` }, parent);
  alarms.add(`${name}-cpu`, { ...common, metricName: "CPUUtilization", statistic: "Average", threshold: highPercent, evaluationPeriods: 10, alarmDescription: `${what} has used ${highPercent} % of its processors for ten minutes` }, parent);
  alarms.add(`${name}-memory`, { ...common, metricName: "MemoryUtilization", statistic: "Average", threshold: highPercent, evaluationPeriods: 5, alarmDescription: `${what} has used ${highPercent} % of its memory for five minutes` }, parent);
}
