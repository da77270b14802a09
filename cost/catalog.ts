import * as compute from "./compute";
import * as data from "./data";
import type { Meter } from "./meter";
import * as network from "./network";

const one = (price: string): Meter => () => [{ price, quantity: 1 }];

/** Resources that cost by the hour or by the month, by type. */
export const meters: Readonly<Record<string, Meter>> = {
  "aws:ecs/service:Service": compute.ecsService,
  "aws:ecs/expressGatewayService:ExpressGatewayService": compute.expressService,
  "aws:apprunner/service:Service": compute.appRunnerService,
  "aws:autoscaling/group:Group": compute.autoScalingGroup,
  "aws:eks/nodeGroup:NodeGroup": compute.nodeGroup,
  "aws:ebs/volume:Volume": compute.volume,
  "kubernetes:core/v1:PersistentVolumeClaim": compute.volumeClaim,
  "aws:rds/instance:Instance": data.database,
  "aws:elasticache/replicationGroup:ReplicationGroup": data.replicationGroup,
  "aws:msk/cluster:Cluster": data.kafka,
  "awsx:ec2:Vpc": network.vpc,
  "aws:ec2/vpcEndpoint:VpcEndpoint": network.endpoint,
  "aws:lb/loadBalancer:LoadBalancer": network.loadBalancer,
  "kubernetes:networking.k8s.io/v1:Ingress": network.ingress,
  "aws:wafv2/webAcl:WebAcl": network.webAcl,
  "eks:index:Cluster": one("eks cluster"),
  "aws:kms/key:Key": one("kms key"),
  "aws:secretsmanager/secret:Secret": one("secret"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": one("alarm"),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": one("dns zone"),
};

/** Resources that cost by what goes through them or lies in them, which no plan tells. */
export const byUse: Readonly<Record<string, string>> = {
  "aws:ecs/service:Service": "what autoscaling adds to the instances counted here",
  "aws:apprunner/service:Service": "vCPU while requests are served",
  "aws:cloudwatch/logGroup:LogGroup": "logs by the GB",
  "aws:ec2/flowLog:FlowLog": "flow logs by the GB",
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": "snapshots by the GB",
  "aws:ecr/repository:Repository": "images by the GB",
  "aws:ecs/cluster:Cluster": "metrics of Container Insights",
  "aws:efs/fileSystem:FileSystem": "files by the GB, and what is read and written",
  "aws:lb/loadBalancer:LoadBalancer": "capacity units of load balancers",
  "kubernetes:networking.k8s.io/v1:Ingress": "capacity units of load balancers",
  "aws:rds/instance:Instance": "backups beyond the size of the database, detailed monitoring",
  "aws:elasticache/replicationGroup:ReplicationGroup": "backups",
  "aws:s3/bucket:Bucket": "objects by the GB, and requests",
  "aws:sns/topic:Topic": "messages",
  "aws:wafv2/webAcl:WebAcl": "requests that the web ACL looks at",
  "awsx:ec2:Vpc": "traffic through NAT gateways, between zones and to the internet",
  "aws:ssm/document:Document": "nothing within the limits of Systems Manager",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": "custom metrics",
  "aws:xray/samplingRule:SamplingRule": "traces",
};

/** Resources without a price of their own: rights, names, rules, settings, and what only exists in the state. */
const free: readonly RegExp[] = [
  /^(somastack|pulumi|random|tls|docker|docker-build|command):/,
  /^aws:(iam|acm|appautoscaling|vpc)\//,
  /^aws:ec2\/(securityGroup|defaultSecurityGroup|vpcDhcpOptions|vpcDhcpOptionsAssociation|launchTemplate|route|subnet|volumeAttachment)/,
  /^aws:ecr\/(lifecyclePolicy|repositoryPolicy)/,
  /^aws:ecs\/(taskDefinition|capacityProvider|clusterCapacityProviders)/,
  /^aws:efs\/(accessPoint|backupPolicy|fileSystemPolicy|mountTarget)/,
  /^aws:eks\/(accessEntry|accessPolicyAssociation|addon|podIdentityAssociation)/,
  /^aws:elasticache\/(parameterGroup|subnetGroup)/,
  /^aws:kms\/alias/,
  /^aws:lb\/(listener|targetGroup)/,
  /^aws:msk\/configuration/,
  /^aws:rds\/(parameterGroup|subnetGroup)/,
  // Records of a zone that is there already.
  /^aws:route53\/record/,
  /^aws:s3\/bucket[A-Z]/,
  /^aws:secretsmanager\/secretVersion/,
  // Names that a service registers itself with are free; a query costs.
  /^aws:servicediscovery\/service/,
  /^aws:sns\/topic(Policy|Subscription)/,
  /^aws:ssm\/(association|document|parameter)/,
  /^aws:wafv2\/webAclAssociation/,
  /^aws:autoscaling\/(lifecycleHook|policy)/,
  /^aws:s3\/(bucketObject|bucketObjectv2)/,
  /^aws:apprunner\/(autoScalingConfigurationVersion|customDomainAssociation|observabilityConfiguration|vpcConnector|vpcIngressConnection)/,
  // What runs in a cluster is paid with its nodes.
  /^kubernetes:/,
];

/** Whether a type costs nothing by itself. */
export function isFree(type: string): boolean {
  return free.some((pattern) => pattern.test(type));
}
