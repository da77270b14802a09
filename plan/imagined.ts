import { createHash } from "node:crypto";

/** What a resource that nobody made looks like. */
export interface Imagined {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

type Inputs = Readonly<Record<string, unknown>>;

const account = "123456789012";
const region = "us-east-1";

/** Hexadecimal digits that are the same for a name at every run. */
const digits = (name: string, length: number): string => createHash("sha256").update(name).digest("hex").slice(0, length);

/** Outputs by type, beside the inputs and an ARN. What a program computes from outputs is then plausible. */
const shapes: Readonly<Record<string, (name: string, inputs: Inputs) => Inputs>> = {
  "awsx:ec2:Vpc": (name) => ({
    vpcId: `vpc-${digits(name, 17)}`,
    ...Object.fromEntries(["private", "public", "isolated"].map((kind) => [`${kind}SubnetIds`, kind === "isolated" ? [] : [1, 2, 3].map((zone) => `subnet-${digits(`${name}-${kind}-${zone}`, 17)}`)])),
    routeTables: [], natGateways: [], subnets: [],
  }),
  "aws:rds/instance:Instance": (name) => ({ address: `${name}.imagined.${region}.rds.amazonaws.com`, endpoint: `${name}.imagined.${region}.rds.amazonaws.com:5432`, port: 5432 }),
  "aws:elasticache/replicationGroup:ReplicationGroup": (name) => ({ configurationEndpointAddress: `clustercfg.${name}.imagined.cache.amazonaws.com`, primaryEndpointAddress: `${name}.imagined.cache.amazonaws.com` }),
  "aws:msk/cluster:Cluster": (name) => ({ bootstrapBrokers: [1, 2, 3].map((broker) => `b-${broker}.${name}.imagined.kafka.${region}.amazonaws.com:9092`).join(",") }),
  "aws:msk/configuration:Configuration": () => ({ latestRevision: 1 }),
  "aws:s3/bucket:Bucket": (name, inputs) => ({ bucket: inputs["bucket"] ?? `${name}-${digits(name, 7)}`, arn: `arn:aws:s3:::${name}-${digits(name, 7)}`, bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com` }),
  "aws:ecr/repository:Repository": (name, inputs) => ({ repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${String(inputs["name"] ?? name)}`, registryId: account }),
  "aws:ecs/taskDefinition:TaskDefinition": (name, inputs) => ({ arn: `arn:aws:ecs:${region}:${account}:task-definition/${String(inputs["family"] ?? name)}:1`, revision: 1 }),
  "aws:ecs/cluster:Cluster": (name, inputs) => ({ arn: `arn:aws:ecs:${region}:${account}:cluster/${String(inputs["name"] ?? name)}` }),
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({ dnsName: `${name}.imagined.elb.amazonaws.com`, zoneId: "Z35SXDOTRQ7X7K", arnSuffix: `app/${name}/${digits(name, 16)}` }),
  "aws:lb/targetGroup:TargetGroup": (name) => ({ arnSuffix: `targetgroup/${name}/${digits(name, 16)}` }),
  "aws:acm/certificate:Certificate": (name, inputs) => ({ domainValidationOptions: [{ domainName: inputs["domainName"], resourceRecordName: `_${digits(name, 8)}.${String(inputs["domainName"])}.`, resourceRecordType: "CNAME", resourceRecordValue: "imagined.acm-validations.aws." }] }),
  "aws:acm/certificateValidation:CertificateValidation": (_name, inputs) => ({ certificateArn: inputs["certificateArn"] }),
  "aws:route53/record:Record": (_name, inputs) => ({ fqdn: inputs["name"] }),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (name) => ({ hostedZone: `Z${digits(name, 13).toUpperCase()}` }),
  "aws:kms/key:Key": (name) => ({ keyId: digits(name, 32), arn: `arn:aws:kms:${region}:${account}:key/${digits(name, 32)}` }),
  "aws:secretsmanager/secret:Secret": (name, inputs) => ({ arn: `arn:aws:secretsmanager:${region}:${account}:secret:${String(inputs["name"] ?? name)}-${digits(name, 6)}` }),
  "aws:secretsmanager/secretVersion:SecretVersion": (name) => ({ versionId: digits(`${name}-version`, 32) }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "aws:ssm/document:Document": () => ({ latestVersion: "1" }),
  "aws:ssm/association:Association": (name) => ({ associationId: digits(name, 32) }),
  "aws:efs/fileSystem:FileSystem": (name) => ({ dnsName: `fs-${digits(name, 17)}.efs.${region}.amazonaws.com` }),
  "aws:eks/cluster:Cluster": (name, inputs) => ({
    endpoint: `https://${digits(name, 32).toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
    vpcConfig: { ...(inputs["vpcConfig"] as object | undefined), clusterSecurityGroupId: `sg-${digits(name, 17)}` },
  }),
  "aws:apprunner/service:Service": (name) => ({ serviceUrl: `${digits(name, 10)}.${region}.awsapprunner.com`, serviceId: digits(name, 32) }),
  "aws:apprunner/customDomainAssociation:CustomDomainAssociation": (name, inputs) => ({
    dnsTarget: `${digits(name, 10)}.${region}.awsapprunner.com`,
    certificateValidationRecords: [1, 2].map((proof) => ({ name: `_${digits(`${name} ${proof}`, 32)}.${String(inputs["domainName"])}.`, type: "CNAME", value: `_${digits(name, 32)}.acm-validations.aws.`, status: "PENDING_VALIDATION" })),
  }),
  "aws:ecs/expressGatewayService:ExpressGatewayService": (name) => ({ ingressPaths: [{ accessType: "PUBLIC", endpoint: `https://${name.slice(0, 2)}-${digits(name, 32)}.ecs.${region}.on.aws` }] }),
  "aws:index/provider:Provider": () => ({}),
  "eks:index:Cluster": (name) => ({
    kubeconfig: { apiVersion: "v1", clusters: [], contexts: [], users: [] }, kubeconfigJson: "{}", clusterIngressRuleId: "", fargateProfileId: "", fargateProfileStatus: "",
    eksCluster: { name, arn: `arn:aws:eks:${region}:${account}:cluster/${name}`, endpoint: `https://${digits(name, 32).toUpperCase()}.gr7.${region}.eks.amazonaws.com` },
    clusterSecurityGroupId: `sg-${digits(name, 17)}`, nodeSecurityGroupId: `sg-${digits(`${name}-nodes`, 17)}`, instanceRoles: [], oidcProviderArn: `arn:aws:iam::${account}:oidc-provider/imagined`, oidcProviderUrl: "https://imagined", oidcIssuer: "imagined",
  }),
  "docker-build:index:Image": (name, inputs) => ({ digest: digest(name), ref: `${String((inputs["tags"] as string[] | undefined)?.[0] ?? name).replace(/:[^:/]+$/, "")}@${digest(name)}`, contextHash: digits(name, 64) }),
  "docker:index/remoteImage:RemoteImage": (name) => ({ imageId: digest(name), repoDigest: digest(name) }),
  "random:index/randomPassword:RandomPassword": (name) => ({ result: `imagined${digits(name, 24)}` }),
};

const digest = (name: string): string => `sha256:${digits(name, 64)}`;

/** Ids that look like AWS's own, by type. */
const prefixes: Readonly<Record<string, string>> = {
  "aws:ec2/securityGroup:SecurityGroup": "sg", "aws:ec2/subnet:Subnet": "subnet", "aws:ec2/vpc:Vpc": "vpc", "aws:efs/fileSystem:FileSystem": "fs", "aws:efs/accessPoint:AccessPoint": "fsap",
  "aws:ec2/launchTemplate:LaunchTemplate": "lt", "aws:ebs/volume:Volume": "vol", "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
};

/** The outputs of a resource as if it had been made; the same for the same name and inputs. */
export function imaginedOutputs(type: string, name: string, inputs: Inputs): Imagined {
  const prefix = prefixes[type];
  const id = prefix === undefined ? String(inputs["name"] ?? name) : `${prefix}-${digits(`${type} ${name}`, 17)}`;
  const [, module = "", kind = ""] = /^aws:([^/]+)\/([^:]+):/.exec(type) ?? [];
  const arn = module === "" ? {} : { arn: `arn:aws:${module}:${region}:${account}:${kind}/${String(inputs["name"] ?? name)}` };
  return { id, outputs: { name, ...arn, ...inputs, ...shapes[type]?.(name, inputs) } };
}

/** The answer of a provider's function as if it had been asked. */
export function imaginedResult(token: string, inputs: Inputs): Record<string, unknown> {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: account, arn: `arn:aws:iam::${account}:user/imagined`, userId: "imagined", id: account };
    case "aws:index/getRegion:getRegion":
      return { name: region, region, id: region };
    case "aws:iam/getPolicyDocument:getPolicyDocument":
      return { json: JSON.stringify(policyDocument(inputs)), id: digits(JSON.stringify(inputs), 10) };
    case "aws:ecr/getAuthorizationToken:getAuthorizationToken":
      return { userName: "AWS", password: "imagined", proxyEndpoint: `https://${account}.dkr.ecr.${region}.amazonaws.com`, id: account };
    case "aws:ssm/getParameter:getParameter":
      return { value: `ami-${digits(String(inputs["name"]), 17)}`, insecureValue: `ami-${digits(String(inputs["name"]), 17)}`, name: inputs["name"], id: String(inputs["name"]) };
    case "aws:ec2/getSubnet:getSubnet":
      return { ...inputs, availabilityZone: `${region}a` };
    case "aws:index/getAvailabilityZones:getAvailabilityZones":
      return { names: ["a", "b", "c"].map((zone) => `${region}${zone}`), zoneIds: [], id: region };
    default:
      return { ...inputs, id: token };
  }
}

interface PolicyStatement {
  readonly sid?: string;
  readonly effect?: string;
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
  readonly principals?: readonly { readonly type: string; readonly identifiers: readonly string[] }[];
  readonly conditions?: readonly { readonly test: string; readonly variable: string; readonly values: readonly string[] }[];
}

/** What AWS's provider makes of statements. */
function policyDocument(inputs: Inputs): object {
  const statements = (inputs["statements"] ?? []) as readonly PolicyStatement[];
  return {
    Version: "2012-10-17",
    Statement: statements.map(({ sid, effect = "Allow", actions = [], resources = [], principals = [], conditions = [] }) => ({
      ...(sid === undefined ? {} : { Sid: sid }),
      Effect: effect,
      Action: actions,
      Resource: resources,
      ...(principals.length === 0 ? {} : { Principal: Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers])) }),
      ...(conditions.length === 0 ? {} : { Condition: Object.fromEntries(conditions.map(({ test, variable, values }) => [test, { [variable]: values }])) }),
    })),
  };
}
