import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { TargetContext } from "../target";

/** Services that use the key on behalf of the account: encrypted log groups, and alarms that publish to an encrypted topic. */
const users = ["logs.amazonaws.com", "cloudwatch.amazonaws.com", "delivery.logs.amazonaws.com"];

/** The customer-managed key of a stack, rotated every year. Deleting it would end the data: production keeps it. */
export function dataKey({ stack, profile }: TargetContext, options: pulumi.CustomResourceOptions): aws.kms.Key {
  const account = aws.getCallerIdentityOutput({}, options).accountId;
  const policy = aws.iam.getPolicyDocumentOutput({
    statements: [
      // AWS asks for this statement in the key's own policy: without it nobody could administer the key (KMS developer guide, "Default key policy").
      { sid: "Account", actions: ["kms:*"], resources: ["*"], principals: [{ type: "AWS", identifiers: [pulumi.interpolate`arn:aws:iam::${account}:root`] }] },
      {
        sid: "Services", actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"], resources: ["*"],
        principals: [{ type: "Service", identifiers: users }],
        conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }],
      },
    ],
  }, options);
  const key = new aws.kms.Key("data", {
    description: `somastack ${stack}: data, secrets, logs`,
    enableKeyRotation: true,
    deletionWindowInDays: profile.production ? 30 : 7,
    policy: policy.json,
  }, { ...options, protect: profile.production, retainOnDelete: profile.retainData });
  new aws.kms.Alias("data", { name: `alias/somastack-${stack}`, targetKeyId: key.keyId }, options);
  return key;
}
