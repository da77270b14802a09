import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { generatedSecret } from "../generated";
import type { Options, SecretRef, SecretSource } from "../target";
import type { AwsFoundation } from "./foundation";

/** A secret in AWS Secrets Manager. Workloads are given its ARN; only connection strings are made from its value. */
export class AwsSecret extends pulumi.ComponentResource implements SecretRef {
  readonly secretName: string;
  readonly arn: pulumi.Output<string>;
  /** A secret output. */
  readonly value: pulumi.Output<string>;
  readonly version: aws.secretsmanager.SecretVersion;

  constructor(name: string, foundation: AwsFoundation, source: SecretSource, { parent }: Options) {
    super("somastack:aws:Secret", name, {}, { ...(parent === undefined ? {} : { parent }), providers: [foundation.provider] });
    const { stack, profile } = foundation.context;
    this.secretName = name;
    this.value = pulumi.secret(this.valueFrom(name, source));
    const secret = new aws.secretsmanager.Secret(name, {
      name: `somastack/${stack}/${name}`,
      kmsKeyId: foundation.key.arn,
      // A stack for development comes and goes: its names must be free at once.
      recoveryWindowInDays: profile.production ? 30 : 0,
    }, { parent: this });
    this.version = new aws.secretsmanager.SecretVersion(name, { secretId: secret.id, secretString: this.value }, { parent: this });
    this.arn = secret.arn;
    this.registerOutputs({ arn: this.arn });
  }

  /** The secret behind a handle that an AWS target made. */
  static of(reference: SecretRef): AwsSecret {
    if (!(reference instanceof AwsSecret)) throw new Error(`the secret ${reference.secretName} was made by another target`);
    return reference;
  }

  private valueFrom(name: string, source: SecretSource): pulumi.Input<string> {
    switch (source.kind) {
      case "password":
      case "fernet":
        return generatedSecret(name, source, { parent: this });
      case "value":
        return source.value;
      case "text":
        return pulumi.all(source.parts.map((part) => (part instanceof AwsSecret ? part.value : (part as pulumi.Input<string>)))).apply((texts) => texts.join(""));
    }
  }
}
