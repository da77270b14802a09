import type { PolicyResource } from "../resource";
import { isHidden } from "../resource";
import { checks, ofType, spans, wants, type Rule, type StackFault } from "../rule";
import { at, is, isFalse, isTrue, list, text } from "../values";

const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const groupRule = "aws:ec2/securityGroupRule:SecurityGroupRule";
const group = "aws:ec2/securityGroup:SecurityGroup";
const defaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const vpcs = ["awsx:ec2:Vpc", "aws:ec2/vpc:Vpc"];
const everywhere = ["0.0.0.0/0", "::/0"];

interface Opening {
  readonly cidrs: readonly unknown[];
  readonly from: unknown;
  readonly to: unknown;
}

/** What a resource lets in by address, in any of the provider's three spellings. */
function openings({ type, props }: PolicyResource): readonly Opening[] {
  const inline = (rule: unknown): Opening => ({ cidrs: [...list(rule, "cidrBlocks"), ...list(rule, "ipv6CidrBlocks")], from: at(rule, "fromPort"), to: at(rule, "toPort") });
  switch (type) {
    case ingressRule:
      return [{ cidrs: [props["cidrIpv4"], props["cidrIpv6"]].filter((cidr) => cidr !== undefined), from: props["fromPort"], to: props["toPort"] }];
    case groupRule:
      return props["type"] === "ingress" ? [inline(props)] : [];
    default:
      return list(props, "ingress").map(inline);
  }
}

const isOpen = ({ cidrs }: Opening): boolean => cidrs.some((cidr) => everywhere.includes(String(cidr)));

/** Groups that the internet may enter, by their id where it is known. */
function openGroups(resources: readonly PolicyResource[]): readonly { readonly rule: PolicyResource; readonly group: unknown }[] {
  return ofType(resources, ingressRule, groupRule, group)
    .filter((resource) => openings(resource).some(isOpen))
    .map((rule) => ({ rule, group: rule.type === group ? rule.props["id"] : rule.props["securityGroupId"] }));
}

function openGroupsElsewhere(resources: readonly PolicyResource[]): StackFault[] {
  const balancers = ofType(resources, "aws:lb/loadBalancer:LoadBalancer");
  const owned = new Set(balancers.flatMap(({ props }) => list(props, "securityGroups")));
  if (balancers.some(({ props }) => list(props, "securityGroups").some(isHidden) || isHidden(props["securityGroups"]))) return [];
  return openGroups(resources)
    .filter(({ group: id }) => id !== undefined && !isHidden(id) && !owned.has(id))
    .map(({ rule }) => ({ urn: rule.urn, fault: "lets the internet into a security group that belongs to no load balancer" }));
}

/** A network is ours only where the stack makes it; one that was there has its own keeper. */
function eachNetwork(resources: readonly PolicyResource[], missing: (network: PolicyResource) => string | undefined): StackFault[] {
  return ofType(resources, ...vpcs)
    .filter(({ type, urn }) => type !== "aws:ec2/vpc:Vpc" || !resources.some((other) => other.type === "awsx:ec2:Vpc" && resources.some((child) => child.urn === urn && child.parent === other.urn)))
    .flatMap((network) => {
      const fault = missing(network);
      return fault === undefined ? [] : [{ urn: network.urn, fault }];
    });
}

const endpoints = ["s3", "ecr.api", "ecr.dkr", "secretsmanager", "logs"];

/** Network of AWS. */
export const networkRules: readonly Rule[] = [
  checks([ingressRule, groupRule, group], {
    name: "aws-open-ports",
    why: "From anywhere only a load balancer is to be reached, and only on 80, where it redirects, and 443.",
    mend: "Name the calling security group instead of 0.0.0.0/0, or open only 80 and 443 of a load balancer.",
  }, (resource) => openings(resource).filter(isOpen).filter(({ from, to }) => !isHidden(from) && !(from === to && [80, 443].includes(Number(from)))).map(({ from, to }) => `ports ${String(from ?? "all")} to ${String(to ?? "all")} are open to the world`)),
  spans({
    name: "aws-open-groups",
    why: "Tasks, pods and data stand behind the load balancer, so that TLS, access logs and the firewall apply to every request.",
    mend: "Attach the open rule to the security group of the load balancer and let that group call the service.",
  }, openGroupsElsewhere),
  checks([ingressRule, groupRule, group], {
    name: "aws-no-ssh",
    why: "Machines are entered through Session Manager, which asks IAM and keeps a record, and not through SSH or RDP.",
    mend: "Remove the rule for port 22 or 3389 and use `aws ssm start-session`.",
  }, ({ type, props }) => (type === ingressRule || type === groupRule ? [props] : list(props, "ingress"))
    .filter((rule) => [22, 3389].some((port) => Number(at(rule, "fromPort")) <= port && port <= Number(at(rule, "toPort")) && at(rule, "type") !== "egress"))
    .map((rule) => `lets SSH or RDP in: ports ${String(at(rule, "fromPort"))} to ${String(at(rule, "toPort"))}`)),
  checks(defaultGroup, {
    name: "aws-default-group-closed",
    why: "Whatever names no security group gets the default one, which lets its members talk freely.",
    mend: "Give the default security group neither ingress nor egress rules.",
  }, ({ props }) => ["ingress", "egress"].filter((side) => list(props, side).length > 0).map((side) => `has rules for ${side}`)),
  spans({
    name: "aws-default-group-taken",
    why: "The default security group of a new network is open among its members until the stack takes it over.",
    mend: "Add an aws.ec2.DefaultSecurityGroup without rules for the network.",
  }, (resources) => eachNetwork(resources, () => (ofType(resources, defaultGroup).length > 0 ? undefined : "its default security group is not closed"))),
  spans({
    name: "aws-flow-logs",
    why: "After an incident the flow logs are the record of who talked to whom.",
    mend: "Add an aws.ec2.FlowLog for the network.",
  }, (resources) => eachNetwork(resources, () => (ofType(resources, "aws:ec2/flowLog:FlowLog").length > 0 ? undefined : "has no flow log"))),
  spans({
    name: "aws-endpoints",
    why: "Images, secrets, logs and objects travel inside the network, and private subnets work without the internet.",
    mend: `Add VPC endpoints for ${endpoints.join(", ")}.`,
  }, (resources) => eachNetwork(resources, () => {
    const services = ofType(resources, "aws:ec2/vpcEndpoint:VpcEndpoint").map(({ props }) => props["serviceName"]);
    if (services.some(isHidden)) return undefined;
    const absent = endpoints.filter((wanted) => !services.some((service) => String(service).endsWith(`.${wanted}`)));
    return absent.length === 0 ? undefined : `has no endpoints for ${absent.join(", ")}`;
  })),
  wants("aws:ec2/launchTemplate:LaunchTemplate", {
    name: "aws-imds-v2",
    why: "A request forged through an application must not read the credentials of the machine.",
    mend: "Set metadataOptions: httpTokens required, httpPutResponseHopLimit 1.",
  }, [
    { path: "metadataOptions.httpTokens", allowed: is("required"), rule: "must be \"required\"" },
    { path: "metadataOptions.httpPutResponseHopLimit", allowed: is(1), rule: "must be 1" },
  ]),
  wants("aws:ec2/instance:Instance", {
    name: "aws-imds-v2-instance",
    why: "A request forged through an application must not read the credentials of the machine.",
    mend: "Set metadataOptions: httpTokens required, httpPutResponseHopLimit 1, here or in the launch template.",
  }, [{ path: "metadataOptions.httpTokens", allowed: (value) => value === "required", rule: "must be \"required\"" }, { path: "metadataOptions.httpPutResponseHopLimit", allowed: is(1), rule: "must be 1" }]),
  checks(["aws:ecs/service:Service", "aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"], {
    name: "aws-no-public-address",
    why: "Tasks and machines stand in private subnets; only the load balancer has an address that the internet knows.",
    mend: "Remove assignPublicIp or associatePublicIpAddress and use the private subnets.",
  }, ({ props }) => [at(props, "networkConfiguration.assignPublicIp"), props["associatePublicIpAddress"], ...list(props, "networkInterfaces").map((card) => at(card, "associatePublicIpAddress"))].filter(isTrue).map(() => "gets a public address")),
  checks("aws:ec2/subnet:Subnet", {
    name: "aws-private-subnets",
    why: "A private subnet that gives its machines public addresses is private by name alone.",
    mend: "Remove mapPublicIpOnLaunch from subnets that are not the load balancer's.",
  }, ({ name, props }) => (isHidden(props["mapPublicIpOnLaunch"]) || isFalse(props["mapPublicIpOnLaunch"]) || !/private|isolated|data/i.test(`${name} ${text(props, "tags.Name") ?? ""}`) ? [] : ["gives public addresses in a private subnet"])),
];
