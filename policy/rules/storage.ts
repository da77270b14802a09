import { isHidden, type PolicyResource } from "../resource";
import { belongsTo, checks, ofType, spans, wants, type Rule, type RuleText } from "../rule";
import { at, atLeast, is, isGiven, isTrue, listed, matches, parsed } from "../values";

const buckets = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const repository = "aws:ecr/repository:Repository";

/** A rule that every resource of some types has a companion. */
function accompanied(owners: readonly string[], companions: readonly string[], key: string, said: RuleText, fault: string): Rule {
  return spans(said, (resources) =>
    ofType(resources, ...owners)
      .filter((owner) => !ofType(resources, ...companions).some((companion) => belongsTo(companion, owner, key)))
      .map(({ urn }) => ({ urn, fault })),
  );
}

interface Statement {
  readonly effect: unknown;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: unknown;
}

/** The statements of a policy document, in JSON or as a structure. */
export function statements(document: unknown): readonly Statement[] {
  return listed(at(parsed(document), "Statement")).map((statement) => ({
    effect: at(statement, "Effect"),
    actions: listed(at(statement, "Action")).map(String),
    resources: listed(at(statement, "Resource")).map(String),
    condition: at(statement, "Condition"),
  }));
}

const refusesPlainHttp = ({ effect, condition }: Statement): boolean => effect === "Deny" && listed(at(condition, "Bool.aws:SecureTransport")).map(String).includes("false");

const bucketRules: readonly Rule[] = [
  accompanied(buckets, ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"], "bucket", {
    name: "s3-public-access-block",
    why: "No policy and no ACL, made by whomever, opens a bucket to the world.",
    mend: "Add an aws.s3.BucketPublicAccessBlock for the bucket.",
  }, "has no public access block"),
  wants("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
    name: "s3-public-access-blocked",
    why: "Each of the four switches closes one way to the public.",
    mend: "Set blockPublicAcls, blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets.",
  }, ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((path) => ({ path, allowed: isTrue, rule: "must be true" }))),
  accompanied(buckets, ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"], "bucket", {
    name: "s3-encrypted",
    why: "Objects are encrypted on the disks of AWS.",
    mend: "Add an aws.s3.BucketServerSideEncryptionConfiguration for the bucket.",
  }, "has no encryption of its own"),
  accompanied(buckets, ["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"], "bucket", {
    name: "s3-versioning",
    why: "An object that is overwritten or deleted by mistake comes back.",
    mend: "Add an aws.s3.BucketVersioning with status Enabled for the bucket.",
  }, "keeps no versions"),
  wants(["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"], {
    name: "s3-versioning-on",
    why: "An object that is overwritten or deleted by mistake comes back.",
    mend: "Set versioningConfiguration.status to Enabled.",
  }, [{ path: "versioningConfiguration.status", allowed: is("Enabled"), rule: "must be \"Enabled\"" }]),
  accompanied(buckets, ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"], "bucket", {
    name: "s3-lifecycle",
    why: "Old versions and half uploads cost money for ever.",
    mend: "Add an aws.s3.BucketLifecycleConfiguration for the bucket.",
  }, "has no lifecycle"),
  accompanied(buckets, ["aws:s3/bucketPolicy:BucketPolicy"], "bucket", {
    name: "s3-policy",
    why: "A bucket without a policy answers over HTTP too.",
    mend: "Add an aws.s3.BucketPolicy that denies aws:SecureTransport false.",
  }, "has no policy"),
  checks("aws:s3/bucketPolicy:BucketPolicy", {
    name: "s3-tls-only",
    why: "Objects never travel in clear.",
    mend: "Deny every action where aws:SecureTransport is false.",
  }, ({ props }) => (isHidden(props["policy"]) || statements(props["policy"]).some(refusesPlainHttp) ? [] : ["does not deny requests without TLS"])),
];

const repositoryRules: readonly Rule[] = [
  wants(repository, {
    name: "ecr-scan-on-push",
    why: "A known weakness of an image is told on the day it is pushed.",
    mend: "Set imageScanningConfiguration.scanOnPush.",
  }, [{ path: "imageScanningConfiguration.scanOnPush", allowed: isTrue, rule: "must be true" }]),
  wants(repository, {
    name: "ecr-immutable-tags",
    why: "What was tested under a tag is what runs under it.",
    mend: "Set imageTagMutability to IMMUTABLE.",
  }, [{ path: "imageTagMutability", allowed: matches(/^IMMUTABLE/), rule: "must be \"IMMUTABLE\"" }]),
  accompanied([repository], ["aws:ecr/lifecyclePolicy:LifecyclePolicy"], "repository", {
    name: "ecr-lifecycle",
    why: "Images that nothing runs cost money for ever.",
    mend: "Add an aws.ecr.LifecyclePolicy for the repository.",
  }, "has no lifecycle policy"),
];

const documents = ["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy", "aws:iam/userPolicy:UserPolicy", "aws:iam/groupPolicy:GroupPolicy", "aws:iam/role:Role"];
const attachments = ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/userPolicyAttachment:UserPolicyAttachment", "aws:iam/policyAttachment:PolicyAttachment", "aws:iam/role:Role"];

/** What a resource of IAM allows. */
function allowed({ type, props }: PolicyResource): readonly Statement[] {
  const given = type === "aws:iam/role:Role" ? listed(props["inlinePolicies"]).map((inline) => at(inline, "policy")) : [props["policy"]];
  return given.flatMap(statements).filter(({ effect }) => effect === "Allow");
}

const identityRules: readonly Rule[] = [
  checks(documents, {
    name: "iam-no-everything",
    why: "A role that may do everything makes every fault of a program a fault of the whole account.",
    mend: "Name the actions and the resources that are needed.",
  }, (resource) => allowed(resource).filter(({ actions, resources }) => actions.some((action) => action === "*" || action === "*:*") || (resources.includes("*") && actions.some((action) => action.endsWith(":*")))).map(({ actions, resources }) => `allows ${actions.join(", ")} on ${resources.join(", ")}`)),
  checks(documents, {
    name: "iam-pass-role",
    why: "Who may pass any role to a service has the rights of every role.",
    mend: "Name the roles in Resource, and the service in a condition on iam:PassedToService.",
  }, (resource) => allowed(resource).filter(({ actions, resources }) => actions.some((action) => ["iam:PassRole", "iam:*"].includes(action)) && resources.some((arn) => arn === "*" || /:role\/\*$/.test(arn))).map(() => "may pass every role")),
  checks(attachments, {
    name: "iam-no-administrator",
    why: "A role that may do everything makes every fault of a program a fault of the whole account.",
    mend: "Attach a policy with the rights that are needed.",
  }, ({ props }) => [...listed(props["policyArn"]), ...listed(props["managedPolicyArns"])].filter((arn) => matches(/:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/)(arn)).map((arn) => `attaches ${String(arn)}`)),
];

/** Objects, images, rights, files and logs. */
export const storageRules: readonly Rule[] = [
  ...bucketRules, ...repositoryRules, ...identityRules,
  wants("aws:efs/fileSystem:FileSystem", {
    name: "efs-encrypted",
    why: "Files are encrypted on the disks of AWS with a key that is ours.",
    mend: "Set encrypted and kmsKeyId.",
  }, [{ path: "encrypted", allowed: isTrue, rule: "must be true" }, { path: "kmsKeyId", allowed: isGiven, rule: "must be the ARN of a KMS key" }]),
  wants("aws:cloudwatch/logGroup:LogGroup", {
    name: "logs-retention",
    why: "Logs without an end cost money for ever, and those that end too soon tell nothing after an incident.",
    mend: "Set retentionInDays.",
    parameters: { days: 14 },
  }, ({ days = 14 }) => [{ path: "retentionInDays", allowed: atLeast(days), rule: `must be at least ${days} days` }]),
  wants("aws:kms/key:Key", {
    name: "kms-rotation",
    why: "A key that is renewed each year limits what one that was lost can read.",
    mend: "Set enableKeyRotation.",
  }, [{ path: "enableKeyRotation", allowed: isTrue, rule: "must be true" }]),
];
