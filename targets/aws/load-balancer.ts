import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { PrivateBucket } from "./data/bucket";
import type { AwsFoundation } from "./foundation";
import { webAcl } from "./waf";

/** TLS 1.2 and 1.3 with forward secrecy alone. */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";
/** Seconds without a byte until a connection is closed: WebSockets are silent for long. The most that an ALB takes is 4000. */
const idleSeconds = 3600;
/** Days that access logs are kept. */
const accessLogDays = 90;

/** Who may reach a load balancer. */
export type Visibility = "public" | "internal";

/** An application load balancer: HTTPS with the stack's certificate, HTTP sent there, everything unknown 404. */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly balancer: aws.lb.LoadBalancer;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly https: aws.lb.Listener;

  constructor(readonly visibility: Visibility, foundation: AwsFoundation, certificateArn: pulumi.Input<string>, options: pulumi.ComponentResourceOptions) {
    super("somastack:aws:LoadBalancer", visibility, {}, options);
    const { context: { profile, stack, values }, network } = foundation;
    const parent = { parent: this };
    this.securityGroup = this.openPorts(foundation);
    const logs = this.accessLogs(foundation);
    this.balancer = new aws.lb.LoadBalancer(visibility, {
      name: `somastack-${stack}-${visibility}`.slice(0, 32),
      loadBalancerType: "application",
      internal: visibility === "internal",
      subnets: visibility === "internal" ? network.privateSubnetIds : network.publicSubnetIds,
      securityGroups: [this.securityGroup.id],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: profile.production,
      idleTimeout: idleSeconds,
      accessLogs: { enabled: true, bucket: logs.bucket.bucket, prefix: visibility },
    }, { ...parent, dependsOn: [logs.policy] });
    new aws.lb.Listener(`${visibility}-http`, {
      loadBalancerArn: this.balancer.arn, port: 80, protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
    }, parent);
    this.https = new aws.lb.Listener(`${visibility}-https`, {
      loadBalancerArn: this.balancer.arn, port: 443, protocol: "HTTPS", sslPolicy: tlsPolicy, certificateArn,
      defaultActions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404", messageBody: "No service of this name." } }],
    }, parent);
    if (values.waf && visibility === "public") webAcl(stack, this.balancer.arn, parent);
    this.addAlarms(foundation);
    this.registerOutputs({ dnsName: this.balancer.dnsName });
  }

  private openPorts({ network, context: { stack } }: AwsFoundation): aws.ec2.SecurityGroup {
    const parent = { parent: this };
    const group = new aws.ec2.SecurityGroup(this.visibility, { description: `somastack ${stack}: ${this.visibility} entrance`, vpcId: network.vpcId, revokeRulesOnDelete: true }, parent);
    for (const [name, port] of [["http", 80], ["https", 443]] as const) {
      new aws.vpc.SecurityGroupIngressRule(`${this.visibility}-${name}`, {
        securityGroupId: group.id, cidrIpv4: this.visibility === "public" ? "0.0.0.0/0" : network.cidr, fromPort: port, toPort: port, ipProtocol: "tcp",
        description: this.visibility === "public" ? "from the internet" : "from the network",
      }, parent);
    }
    return group;
  }

  /** Load balancers write access logs only into buckets that S3 itself encrypts (Elastic Load Balancing user guide, "Access logs"). */
  private accessLogs({ context: { profile, stack } }: AwsFoundation): PrivateBucket {
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    return new PrivateBucket(`${this.visibility}-access-logs`, {
      encryption: "s3",
      expireDays: accessLogDays,
      forceDestroy: !profile.production,
      statements: [(bucketArn) => ({
        sid: `Logs${stack.replace(/[^A-Za-z0-9]/g, "")}`, effect: "Allow", actions: ["s3:PutObject"], resources: [pulumi.interpolate`${bucketArn}/${this.visibility}/AWSLogs/${account}/*`],
        principals: [{ type: "Service", identifiers: ["logdelivery.elasticloadbalancing.amazonaws.com"] }],
      })],
    }, { parent: this });
  }

  private addAlarms({ alarms }: AwsFoundation): void {
    const metric = { namespace: "AWS/ApplicationELB", dimensions: { LoadBalancer: this.balancer.arnSuffix }, period: 60, evaluationPeriods: 5, comparisonOperator: "GreaterThanThreshold" };
    alarms.add(`${this.visibility}-entrance-errors`, { ...metric, metricName: "HTTPCode_ELB_5XX_Count", statistic: "Sum", threshold: 10, alarmDescription: "The entrance itself answers with errors." }, this);
    alarms.add(`${this.visibility}-entrance-latency`, { ...metric, metricName: "TargetResponseTime", extendedStatistic: "p95", threshold: 2, alarmDescription: "95 of 100 answers take longer than 2 s." }, this);
  }
}
