import * as aws from "@pulumi/aws";
import type { CustomResourceOptions } from "@pulumi/pulumi";

import type { TargetContext } from "../target";
import type { Network } from "./network";

/** One security group a service, closed when it is made; each connection is a pair of rules of its own. */
export class SecurityGroups {
  private readonly groups = new Map<string, aws.ec2.SecurityGroup>();
  private readonly rules = new Set<string>();

  constructor(
    private readonly context: TargetContext,
    private readonly network: Network,
    private readonly options: CustomResourceOptions,
  ) {}

  /** The group of a service, made when it is first mentioned. */
  of(service: string): aws.ec2.SecurityGroup {
    const made = this.groups.get(service) ?? new aws.ec2.SecurityGroup(service, {
      description: `somastack ${this.context.stack}: ${service}`,
      vpcId: this.network.vpcId,
      // Rules are resources of their own; the default "allow all outgoing" goes.
      revokeRulesOnDelete: true,
      tags: { Name: `somastack-${this.context.stack}-${service}` },
    }, this.options);
    this.groups.set(service, made);
    return made;
  }

  /** Lets one service call another on a port. */
  allow(from: string, to: string, port: number): void {
    this.allowFromGroup(this.of(from), from, to, port);
  }

  /** Lets the members of a group call a service on a port; `key` names the group in the rules' names. */
  allowFromGroup(source: aws.ec2.SecurityGroup, key: string, to: string, port: number): void {
    const name = `${key}-to-${to}-${port}`;
    if (this.rules.has(name)) return;
    this.rules.add(name);
    const target = this.of(to);
    const connection = { fromPort: port, toPort: port, ipProtocol: "tcp" };
    new aws.vpc.SecurityGroupIngressRule(name, { ...connection, securityGroupId: target.id, referencedSecurityGroupId: source.id, description: `from ${key}` }, this.options);
    new aws.vpc.SecurityGroupEgressRule(name, { ...connection, securityGroupId: source.id, referencedSecurityGroupId: target.id, description: `to ${to}` }, this.options);
  }

  /** Lets a service reach a port outside: HTTPS for AWS and language models, and those of external services. */
  egress(service: string, port: number): void {
    const name = `${service}-to-outside-${port}`;
    if (this.rules.has(name)) return;
    this.rules.add(name);
    new aws.vpc.SecurityGroupEgressRule(name, { securityGroupId: this.of(service).id, cidrIpv4: "0.0.0.0/0", fromPort: port, toPort: port, ipProtocol: "tcp", description: `port ${port} outside` }, this.options);
  }
}
