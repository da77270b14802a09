import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import type { TargetContext } from "../target";
import type { Logs } from "./logs";
import { allow, serviceRole } from "./roles";

/** AWS services that are called without leaving the network, as interface endpoints. */
const endpoints = ["ecr.api", "ecr.dkr", "secretsmanager", "logs", "ssm", "ssmmessages", "ec2messages", "kms", "monitoring"];

/** The VPC: three zones with a public and a private subnet each, endpoints and flow logs; or an existing one. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly cidr: string;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  /** Whether this stack made it. */
  readonly ours: boolean;

  constructor(name: string, { context, logs }: { readonly context: TargetContext; readonly logs: Logs }, options: pulumi.ComponentResourceOptions) {
    super("somastack:aws:Network", name, {}, options);
    const given = context.values.network;
    this.cidr = given.cidr;
    this.ours = !("vpcId" in given);
    if ("vpcId" in given) {
      // An existing network keeps its own endpoints, flow logs and default group: other tenants rely on them.
      this.vpcId = pulumi.output(given.vpcId);
      this.privateSubnetIds = pulumi.output(given.privateSubnetIds);
      this.publicSubnetIds = pulumi.output(given.publicSubnetIds);
    } else {
      const vpc = this.create(context);
      this.vpcId = vpc.vpcId;
      this.privateSubnetIds = vpc.privateSubnetIds;
      this.publicSubnetIds = vpc.publicSubnetIds;
      this.close();
      this.addEndpoints(context, vpc);
      this.addFlowLogs(logs);
    }
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private create({ stack, profile }: TargetContext): awsx.ec2.Vpc {
    return new awsx.ec2.Vpc("vpc", {
      cidrBlock: this.cidr,
      numberOfAvailabilityZones: 3,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      subnetStrategy: "Auto",
      subnetSpecs: [{ type: "Public", cidrMask: 24 }, { type: "Private", cidrMask: 22 }],
      // In production the end of one zone must not cut the others off.
      natGateways: { strategy: profile.production ? "OnePerAz" : "Single" },
      tags: { Name: `somastack-${stack}` },
    }, { parent: this });
  }

  /** The default group of the VPC lets its members talk to each other: it is emptied, and nothing uses it. */
  private close(): void {
    new aws.ec2.DefaultSecurityGroup("default", { vpcId: this.vpcId, ingress: [], egress: [] }, { parent: this });
  }

  private addEndpoints({ values: { region } }: TargetContext, vpc: awsx.ec2.Vpc): void {
    const group = new aws.ec2.SecurityGroup("endpoints", { description: "endpoints of AWS services", vpcId: this.vpcId, revokeRulesOnDelete: true }, { parent: this });
    new aws.vpc.SecurityGroupIngressRule("endpoints-https", { securityGroupId: group.id, cidrIpv4: this.cidr, fromPort: 443, toPort: 443, ipProtocol: "tcp", description: "HTTPS from the network" }, { parent: this });
    for (const service of endpoints) {
      new aws.ec2.VpcEndpoint(service.replace(".", "-"), {
        vpcId: this.vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: this.privateSubnetIds,
        securityGroupIds: [group.id],
      }, { parent: this });
    }
    new aws.ec2.VpcEndpoint("s3", {
      vpcId: this.vpcId,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: vpc.routeTables.apply((tables) => tables.map(({ id }) => id)).apply((ids) => pulumi.all(ids)),
    }, { parent: this });
  }

  private addFlowLogs(logs: Logs): void {
    const group = logs.group("flow-logs");
    const role = serviceRole("flow-logs", "vpc-flow-logs.amazonaws.com", { parent: this });
    allow("flow-logs", role, [{ actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"], resources: [group.arn, pulumi.interpolate`${group.arn}:*`] }], { parent: this });
    new aws.ec2.FlowLog("flow-logs", { vpcId: this.vpcId, trafficType: "ALL", logDestinationType: "cloud-watch-logs", logDestination: group.arn, iamRoleArn: role.arn }, { parent: this });
  }
}
