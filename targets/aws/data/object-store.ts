import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../foundation";
import { kept } from "./arguments";
import { PrivateBucket } from "./bucket";

/** Amazon S3 as the object store. Its users are let in by their roles: there are no keys. */
export class ManagedObjectStore extends pulumi.ComponentResource {
  readonly bindings: Readonly<Record<string, pulumi.Input<string>>>;

  constructor(name: string, { foundation }: { readonly foundation: AwsFoundation }, options: pulumi.ComponentResourceOptions) {
    super("somastack:aws:ObjectStore", name, {}, options);
    const { context: { profile, values: { region } }, key } = foundation;
    const { bucket } = new PrivateBucket(name, { encryption: { keyArn: key.arn }, forceDestroy: !profile.production }, { parent: this }, kept(profile));
    foundation.objectStores.set(name, { bucketArn: bucket.arn });
    const host = `s3.${region}.amazonaws.com`;
    this.bindings = { host, port: "443", url: `https://${host}`, bucket: bucket.bucket, tls: "true", iam: "true" };
    this.registerOutputs({ bucket: bucket.bucket });
  }
}
