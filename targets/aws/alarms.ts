import * as aws from "@pulumi/aws";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";

import type { TargetContext } from "../target";

/** The topic that wakes somebody, and the alarms that publish to it. */
export class Alarms {
  readonly topic: aws.sns.Topic;

  constructor(
    private readonly context: TargetContext,
    key: aws.kms.Key,
    private readonly options: CustomResourceOptions,
  ) {
    this.topic = new aws.sns.Topic("alarms", { name: `somastack-${context.stack}-alarms`, kmsMasterKeyId: key.id }, options);
    const { alarmEmail } = context.values;
    if (alarmEmail !== undefined) new aws.sns.TopicSubscription("alarms", { topic: this.topic.arn, protocol: "email", endpoint: alarmEmail }, options);
  }

  /**
   * Adds a metric alarm that publishes to the topic when it goes off and when it is over.
   *
   * @param parent the component that is watched; the foundation when absent
   */
  add(name: string, args: Omit<aws.cloudwatch.MetricAlarmArgs, "name" | "alarmActions" | "okActions">, parent?: Resource): aws.cloudwatch.MetricAlarm {
    return new aws.cloudwatch.MetricAlarm(name, {
      treatMissingData: "notBreaching",
      ...args,
      name: `somastack-${this.context.stack}-${name}`,
      alarmActions: [this.topic.arn],
      okActions: [this.topic.arn],
    }, { ...this.options, ...(parent === undefined ? {} : { parent }) });
  }
}
