import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { networkDomain } from "../../settings/capabilities";
import type { TargetContext } from "../target";
import type { Network } from "./network";

/**
 * In-network names: a private Cloud Map namespace and, in a VPC of ours, its domain as the search domain, so that names of one
 * word (`http://keycloak:20880`) resolve too.
 */
export class PrivateDns extends pulumi.ComponentResource {
  readonly domain: string;
  readonly namespaceId: pulumi.Output<string>;
  readonly namespaceArn: pulumi.Output<string>;
  /** The Route 53 zone behind the namespace. */
  readonly hostedZoneId: pulumi.Output<string>;

  /** @throws Error on a target whose names need no domain */
  constructor(name: string, { context, network }: { readonly context: TargetContext; readonly network: Network }, options: pulumi.ComponentResourceOptions) {
    super("somastack:aws:PrivateDns", name, {}, options);
    const domain = networkDomain(context.values.deploymentTarget, context.stack);
    if (domain === undefined) throw new Error(`${context.values.deploymentTarget} has no domain for in-network names`);
    this.domain = domain;
    const namespace = new aws.servicediscovery.PrivateDnsNamespace("names", { name: domain, vpc: network.vpcId }, { parent: this });
    this.namespaceId = namespace.id;
    this.namespaceArn = namespace.arn;
    this.hostedZoneId = namespace.hostedZone;
    if (network.ours) {
      const search = new aws.ec2.VpcDhcpOptions("search", { domainName: domain, domainNameServers: ["AmazonProvidedDNS"] }, { parent: this });
      new aws.ec2.VpcDhcpOptionsAssociation("search", { vpcId: network.vpcId, dhcpOptionsId: search.id }, { parent: this });
    }
    this.registerOutputs({ domain });
  }
}
