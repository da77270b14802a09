import { aws, beside, document, pair, resource, type Samples } from "./sample";

const postgres = "aws:rds/instance:Instance";
const redis = "aws:elasticache/replicationGroup:ReplicationGroup";
const kafka = "aws:msk/cluster:Cluster";
const key = "arn:aws:kms:us-east-1:123456789012:key/1";
const bucket = aws("s3/bucket:Bucket", { bucket: "files" });
const repository = aws("ecr/repository:Repository", { name: "agent" });
const denyPlain = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } };
const failover = { automaticFailoverEnabled: true, multiAzEnabled: true };
const blocked = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true };
const subnets = ["subnet-1", "subnet-2", "subnet-3"];

/** Samples for what holds data. */
export const dataSamples: Samples = {
  "rds-several-zones": pair(postgres, { multiAz: true }, { multiAz: false }, /multiAz is false; it must be true/),
  "rds-encrypted": pair(postgres, { storageEncrypted: true, kmsKeyId: key }, { storageEncrypted: true }, /kmsKeyId is not set/),
  "rds-force-ssl": pair("aws:rds/parameterGroup:ParameterGroup", { parameters: [{ name: "rds.force_ssl", value: "1" }] }, { parameters: [{ name: "rds.force_ssl", value: "0" }] }, /rds.force_ssl is not 1/, { family: "postgres16" }),
  "rds-parameter-group": pair(postgres, { parameterGroupName: "somastack-dev" }, {}, /parameterGroupName is not set/),
  "rds-backups": pair(postgres, { backupRetentionPeriod: 14 }, { backupRetentionPeriod: 6 }, /is 6; it must be at least 7 days/),
  "rds-deletion-protection": pair(postgres, { deletionProtection: true }, {}, /deletionProtection is not set/),
  "rds-final-snapshot": pair(postgres, { skipFinalSnapshot: false }, { skipFinalSnapshot: true }, /skipFinalSnapshot is true; it must be false/, { finalSnapshotIdentifier: "last" }),
  "rds-not-public": pair(postgres, { publiclyAccessible: false }, { publiclyAccessible: true }, /publiclyAccessible is true/),
  "rds-version": pair(postgres, { engineVersion: "16.4" }, { engineVersion: "15.8" }, /engineVersion is 15.8; it must be 16/, { engine: "postgres" }),
  "elasticache-cluster-mode": pair(redis, { clusterMode: "enabled" }, {}, /clusterMode is not set; it must be "enabled"/),
  "elasticache-encrypted": pair(redis, { transitEncryptionEnabled: true }, { transitEncryptionEnabled: false }, /transitEncryptionEnabled is false/, { atRestEncryptionEnabled: true }),
  "elasticache-password": pair(redis, { authToken: "[secret]" }, {}, /has neither authToken nor userGroupIds/),
  "elasticache-failover": pair(redis, { replicasPerNodeGroup: 1 }, { replicasPerNodeGroup: 0 }, /replicasPerNodeGroup is 0; it must be at least 1/, failover),
  "msk-three-brokers": pair(kafka, { brokerNodeGroupInfo: { clientSubnets: subnets } }, { brokerNodeGroupInfo: { clientSubnets: ["subnet-1", "subnet-1", "subnet-2"] } }, /must hold a subnet of each of 3 zones/, { numberOfBrokerNodes: 3 }),
  "msk-encrypted": pair(kafka, { encryptionInfo: { encryptionAtRestKmsKeyArn: key } }, {}, /encryptionAtRestKmsKeyArn is not set/),
  "msk-not-public": pair(kafka, {}, { brokerNodeGroupInfo: { connectivityInfo: { publicAccess: { type: "SERVICE_PROVIDED_EIPS" } } } }, /must be "DISABLED"/),
  "msk-broker-logs": pair(kafka, { loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: "kafka" } } } }, { loggingInfo: { brokerLogs: {} } }, /writes no broker logs/),
  "s3-public-access-block": beside(bucket, aws("s3/bucketPublicAccessBlock:BucketPublicAccessBlock"), /has no public access block/),
  "s3-public-access-blocked": pair("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { restrictPublicBuckets: true }, {}, /restrictPublicBuckets is not set/, blocked),
  "s3-encrypted": beside(bucket, aws("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"), /has no encryption of its own/),
  "s3-versioning": beside(bucket, aws("s3/bucketVersioning:BucketVersioning"), /keeps no versions/),
  "s3-versioning-on": pair("aws:s3/bucketVersioning:BucketVersioning", { versioningConfiguration: { status: "Enabled" } }, { versioningConfiguration: { status: "Suspended" } }, /status is "Suspended"/),
  "s3-lifecycle": beside(bucket, aws("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"), /has no lifecycle/),
  "s3-policy": beside(bucket, aws("s3/bucketPolicy:BucketPolicy"), /has no policy/),
  "s3-tls-only": pair("aws:s3/bucketPolicy:BucketPolicy", { policy: document(denyPlain) }, { policy: document({ ...denyPlain, Condition: {} }) }, /does not deny requests without TLS/),
  "ecr-scan-on-push": pair(repository.type, { imageScanningConfiguration: { scanOnPush: true } }, {}, /scanOnPush is not set/),
  "ecr-immutable-tags": pair(repository.type, { imageTagMutability: "IMMUTABLE" }, { imageTagMutability: "MUTABLE" }, /imageTagMutability is "MUTABLE"/),
  "ecr-lifecycle": beside(repository, aws("ecr/lifecyclePolicy:LifecyclePolicy"), /has no lifecycle policy/),
  "iam-no-everything": pair("aws:iam/rolePolicy:RolePolicy", { policy: document({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }) }, { policy: document({ Effect: "Allow", Action: "*", Resource: "*" }) }, /allows \* on \*/),
  "iam-pass-role": pair("aws:iam/rolePolicy:RolePolicy", { policy: document({ Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/task" }) }, { policy: document({ Effect: "Allow", Action: ["iam:PassRole"], Resource: "arn:aws:iam::123456789012:role/*" }) }, /may pass every role/),
  "iam-no-administrator": pair("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" }, { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }, /attaches .*AdministratorAccess/),
  "efs-encrypted": pair("aws:efs/fileSystem:FileSystem", { encrypted: true }, { encrypted: false }, /encrypted is false/, { kmsKeyId: key }),
  "logs-retention": pair("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30 }, { retentionInDays: 0 }, /retentionInDays is 0; it must be at least 14 days/),
  "kms-rotation": pair("aws:kms/key:Key", { enableKeyRotation: true }, {}, /enableKeyRotation is not set/),
  "data-protected": { passes: [resource(postgres, {}, { protect: true })], fails: [resource(postgres, {}, { protect: false })], fault: /is not protected/ },
  "data-retained": { passes: [resource(postgres, {}, { retainOnDelete: true })], fails: [resource(postgres, {}, { retainOnDelete: false })], fault: /is not retained/ },
};
