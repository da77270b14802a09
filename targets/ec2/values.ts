import * as pulumi from "@pulumi/pulumi";

import { AwsImage } from "../aws/images";
import { AwsSecret } from "../aws/secrets";
import type { KnownValues, PartSpec } from "./document";

/** What else goes with a workload's values. */
export interface Around {
  readonly logGroup: pulumi.Input<string>;
  readonly role?: pulumi.Input<string>;
  readonly nameId?: pulumi.Input<string>;
}

/** The values of a workload once the resources behind them are there. */
export function valuesOf(spec: PartSpec, { logGroup, role, nameId }: Around): pulumi.Output<KnownValues> {
  const secrets = Object.entries(spec.secrets).map(([variable, reference]) => {
    const { secretName, arn, version } = AwsSecret.of(reference);
    return [variable, { name: secretName, arn, version: version.versionId }] as const;
  });
  return pulumi.output({
    image: AwsImage.of(spec.image).reference,
    helper: AwsImage.of(spec.helper).reference,
    environment: { ...spec.environment },
    secrets: Object.fromEntries(secrets),
    files: spec.files.map((file) => ({ ...file })),
    logGroup,
    ...(role === undefined ? {} : { role }),
    ...(nameId === undefined ? {} : { nameId }),
  });
}

/** ARNs of the secrets of workloads, each once. */
export function secretArnsOf(specs: readonly PartSpec[]): pulumi.Output<string>[] {
  return [...new Set(specs.flatMap(({ secrets }) => Object.values(secrets)).map((reference) => AwsSecret.of(reference)))].map(({ arn }) => arn);
}

/** References of the images of workloads, each once. */
export function imagesOf(specs: readonly PartSpec[]): pulumi.Output<string>[] {
  return [...new Set(specs.flatMap(({ image, helper }) => [image, helper]).map((reference) => AwsImage.of(reference)))].map(({ reference }) => reference);
}
