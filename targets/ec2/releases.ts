import { createHash } from "node:crypto";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { kept } from "../aws/data/arguments";
import { PrivateBucket } from "../aws/data/bucket";
import type { AwsFoundation } from "../aws/foundation";

/** A document in the bucket. */
export interface Release {
  /** `PREFIX/SHA256.json`: another content is another key. */
  readonly key: pulumi.Output<string>;
  readonly object: aws.s3.BucketObjectv2;
}

/** The bucket from which instances read what they run, and in which jobs leave that they have run. */
export class Releases extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  private readonly ready: pulumi.Resource;

  constructor(name: string, foundation: AwsFoundation, options: pulumi.ComponentResourceOptions) {
    super("somastack:ec2:Releases", name, {}, options);
    const { profile } = foundation.context;
    const { bucket, policy } = new PrivateBucket(name, { encryption: { keyArn: foundation.key.arn }, forceDestroy: !profile.production }, { parent: this }, kept(profile));
    this.bucket = bucket.bucket;
    this.arn = bucket.arn;
    this.ready = policy;
    this.registerOutputs({});
  }

  /** Puts a document below a prefix. It stays when the next one comes: instances of a version that came back read it again. */
  put(name: string, prefix: string, content: pulumi.Output<string>, parent: pulumi.Resource): Release {
    const key = content.apply((text) => `${prefix}/${createHash("sha256").update(text).digest("hex")}.json`);
    const object = new aws.s3.BucketObjectv2(name, { bucket: this.bucket, key, content, contentType: "application/json" }, { parent, dependsOn: [this.ready], retainOnDelete: true });
    return { key: object.key, object };
  }
}
