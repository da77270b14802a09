import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { allow, serviceRole, type Statement } from "../aws/roles";

/** A role, and what gives it its rights: who uses it waits for them. */
export interface RoleWithPolicies {
  readonly role: aws.iam.Role;
  readonly policies: readonly pulumi.Resource[];
}

/** A role of an AWS service with policies that AWS keeps for its purpose, by their path below `policy/`. */
export function roleWith(name: string, principal: string, policies: readonly string[], parent: pulumi.Resource): RoleWithPolicies {
  const role = serviceRole(name, principal, { parent });
  return {
    role,
    policies: policies.map((policy) => new aws.iam.RolePolicyAttachment(`${name}-${policy.split("/").at(-1)}`, { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` }, { parent })),
  };
}

/** A role of tasks, or of who else takes it on, that may do what the statements say, and without statements nothing. */
export function taskRole(name: string, statements: readonly Statement[], parent: pulumi.Resource, principal = "ecs-tasks.amazonaws.com"): RoleWithPolicies {
  const role = serviceRole(name, principal, { parent });
  return { role, policies: statements.length === 0 ? [] : [allow(name, role, statements, { parent })] };
}

/** What ECS itself needs to start a task. */
export interface Start {
  readonly region: string;
  readonly images: readonly pulumi.Output<string>[];
  readonly logGroupArn: pulumi.Input<string>;
  readonly secretArns: readonly pulumi.Input<string>[];
  readonly keyArn: pulumi.Input<string>;
}

/** What ECS itself does for a task: pull its images, write its log, read its secrets. */
export function executionStatements({ region, images, logGroupArn, secretArns, keyArn }: Start): Statement[] {
  return [
    ...pullStatements(images),
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [pulumi.interpolate`${logGroupArn}:*`] },
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

/** Mounting one access point of a file system. */
export function volumeStatements(fileSystemArn: pulumi.Input<string>, accessPointArn: pulumi.Input<string>): Statement[] {
  return [{
    actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
    resources: [fileSystemArn],
    conditions: [{ test: "StringEquals", variable: "elasticfilesystem:AccessPointArn", values: [accessPointArn] }],
  }];
}

/** The key is used through a service only, never by itself. */
function through(service: string, region: string): NonNullable<Statement["conditions"]>[number] {
  return { test: "StringEquals", variable: "kms:ViaService", values: [`${service}.${region}.amazonaws.com`] };
}
