import * as aws from "@pulumi/aws";
import type { CustomResourceOptions } from "@pulumi/pulumi";

import type { TargetContext } from "../target";

/** Log groups of a stack, `/somastack/STACK/NAME`: encrypted, kept as long as the settings say. */
export class Logs {
  private readonly groups = new Map<string, aws.cloudwatch.LogGroup>();

  constructor(
    private readonly context: TargetContext,
    private readonly key: aws.kms.Key,
    private readonly options: CustomResourceOptions,
  ) {}

  /** The group of that name, made when it is first asked for. */
  group(name: string): aws.cloudwatch.LogGroup {
    const made = this.groups.get(name) ?? new aws.cloudwatch.LogGroup(name, {
      name: `/somastack/${this.context.stack}/${name}`,
      retentionInDays: this.context.values.logRetentionDays,
      kmsKeyId: this.key.arn,
    }, this.options);
    this.groups.set(name, made);
    return made;
  }
}
