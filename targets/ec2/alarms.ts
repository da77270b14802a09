import type * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";

/** Per cent of a group's processors, memory and disk from which someone should look. */
const highPercent = { cpu: 90, memory: 90, disk: 80 } as const;

/** The golden signals of a group of instances: saturation of processor, memory and disk, and how many serve. Those of entries belong to the entrance. */
export function addAlarms(name: string, { alarms, context }: AwsFoundation, group: { readonly groupName: pulumi.Input<string>; readonly metrics: string; readonly wanted: number }, parent: pulumi.Resource): void {
  const common = { dimensions: { AutoScalingGroupName: group.groupName }, period: 60, comparisonOperator: "GreaterThanOrEqualToThreshold", evaluationPeriods: 10 };
  const what = `the instances ${name} of the stack ${context.stack}`;
  const percent = (metric: keyof typeof highPercent, namespace: string, metricName: string, statistic = "Average"): void => {
    const threshold = highPercent[metric];
    alarms.add(`${name}-${metric}`, { ...common, namespace, metricName, statistic, threshold, alarmDescription: `${what} have used ${threshold} % of their ${metric} for ten minutes` }, parent);
  };
  percent("cpu", "AWS/EC2", "CPUUtilization");
  percent("memory", group.metrics, "mem_used_percent");
  percent("disk", group.metrics, "disk_used_percent", "Maximum");
  alarms.add(`${name}-count`, {
    ...common, namespace: "AWS/AutoScaling", metricName: "GroupInServiceInstances", statistic: "Minimum", comparisonOperator: "LessThanThreshold", threshold: group.wanted, evaluationPeriods: 5,
    alarmDescription: `fewer than ${group.wanted} of ${what} have served for five minutes`,
  }, parent);
}
