import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** How a bucket is encrypted: with a key of ours, or by S3 where a service of AWS writes that takes no key. */
export type BucketEncryption = { readonly keyArn: pulumi.Input<string> } | "s3";

/** A statement of a bucket's policy beside the demand for TLS. */
export type BucketStatement = (bucketArn: pulumi.Output<string>) => aws.types.input.iam.GetPolicyDocumentStatementArgs;

/** Arguments of a bucket. */
export interface BucketArgs {
  readonly encryption: BucketEncryption;
  /** Days until objects go; they stay when absent, and only their old versions go. */
  readonly expireDays?: number;
  readonly statements?: readonly BucketStatement[];
  /** Whether the bucket goes with its objects. */
  readonly forceDestroy: boolean;
}

/** Old versions of objects go after this many days. */
const oldVersionDays = 30;

/** A bucket that nobody outside reaches: no public access, encrypted, versioned, TLS only. */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  /** Policies and blocks: wait for it before something writes. */
  readonly policy: aws.s3.BucketPolicy;

  constructor(name: string, args: BucketArgs, options: pulumi.ComponentResourceOptions, data: pulumi.CustomResourceOptions = {}) {
    super("somastack:aws:Bucket", name, {}, options);
    const parent = { parent: this };
    this.bucket = new aws.s3.Bucket(name, { forceDestroy: args.forceDestroy }, { ...parent, ...data });
    const bucket = this.bucket.bucket;
    const block = new aws.s3.BucketPublicAccessBlock(name, { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true }, parent);
    new aws.s3.BucketServerSideEncryptionConfiguration(name, {
      bucket,
      rules: [args.encryption === "s3"
        ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
        : { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.encryption.keyArn }, bucketKeyEnabled: true }],
    }, parent);
    const versioning = new aws.s3.BucketVersioning(name, { bucket, versioningConfiguration: { status: "Enabled" } }, parent);
    new aws.s3.BucketLifecycleConfiguration(name, {
      bucket,
      rules: [{
        id: "tidy", status: "Enabled", filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
        ...(args.expireDays === undefined ? {} : { expiration: { days: args.expireDays } }),
      }],
    }, { ...parent, dependsOn: [versioning] });
    const arn = this.bucket.arn;
    const document = aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          sid: "TlsOnly", effect: "Deny", actions: ["s3:*"], resources: [arn, pulumi.interpolate`${arn}/*`],
          principals: [{ type: "*", identifiers: ["*"] }],
          conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
        ...(args.statements ?? []).map((statement) => statement(arn)),
      ],
    }, parent);
    this.policy = new aws.s3.BucketPolicy(name, { bucket, policy: document.json }, { ...parent, dependsOn: [block] });
    this.registerOutputs({ bucket });
  }
}
