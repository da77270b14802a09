import * as pulumi from "@pulumi/pulumi";

import type { Statement } from "./roles";

/** What starting containers needs. */
export interface Start {
  readonly region: string;
  readonly images: readonly pulumi.Output<string>[];
  readonly logGroupArns: readonly pulumi.Input<string>[];
  readonly secretArns: readonly pulumi.Input<string>[];
  readonly keyArn: pulumi.Input<string>;
}

/** What starts containers pulls their images, writes their logs and reads their secrets: ECS for a task, an instance for itself. */
export function executionStatements({ region, images, logGroupArns, secretArns, keyArn }: Start): Statement[] {
  return [
    ...pullStatements(images),
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: logGroupArns.map((arn) => pulumi.interpolate`${arn}:*`) },
    ...secretStatements(secretArns, keyArn, region),
  ];
}

/** Pulling images. */
export function pullStatements(images: readonly pulumi.Output<string>[]): Statement[] {
  return [
    // It has no resource: AWS knows it for all repositories only.
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    { actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], resources: images.map((image) => image.apply(repositoryArn)) },
  ];
}

/** Reading secrets, and the key they are encrypted with. */
export function secretStatements(secretArns: readonly pulumi.Input<string>[], keyArn: pulumi.Input<string>, region: string): Statement[] {
  return secretArns.length === 0 ? [] : [
    { actions: ["secretsmanager:GetSecretValue"], resources: secretArns },
    { actions: ["kms:Decrypt"], resources: [keyArn], conditions: [through("secretsmanager", region)] },
  ];
}

/** ARN of the repository of an image in ECR: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY@DIGEST`. */
export function repositoryArn(reference: string): string {
  const [, account = "*", region = "*", repository = "*"] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^@:]+)/.exec(reference) ?? [];
  return `arn:aws:ecr:${region}:${account}:repository/${repository}`;
}

/** Objects of a bucket, and the key they are encrypted with. */
export function bucketStatements(bucketArn: pulumi.Input<string>, keyArn: pulumi.Input<string>, region: string): Statement[] {
  return [
    { actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], resources: [bucketArn] },
    { actions: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"], resources: [pulumi.interpolate`${bucketArn}/*`] },
    { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [keyArn], conditions: [through("s3", region)] },
  ];
}

/** The key is used through a service only, never by itself. */
export function through(service: string, region: string): NonNullable<Statement["conditions"]>[number] {
  return { test: "StringEquals", variable: "kms:ViaService", values: [`${service}.${region}.amazonaws.com`] };
}
