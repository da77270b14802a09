import { secretMark, unknownMark } from "../../../policy/resource";
import { aws, beside, pair, resource, type Samples } from "./sample";

const world = { cidrIpv4: "0.0.0.0/0" };
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const vpc = resource("awsx:ec2:Vpc", { cidrBlock: "10.0.0.0/16" });
const imds = { httpTokens: "required", httpPutResponseHopLimit: 1 };
const endpoint = (service: string) => aws("ec2/vpcEndpoint:VpcEndpoint", { serviceName: `com.amazonaws.us-east-1.${service}` }, { name: service });
const balancer = aws("lb/loadBalancer:LoadBalancer", { securityGroups: ["sg-1"] });
const tls = { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06", certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" };
const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
const annotations = {
  "alb.ingress.kubernetes.io/listen-ports": "[{\"HTTP\": 80}, {\"HTTPS\": 443}]", "alb.ingress.kubernetes.io/ssl-redirect": "443",
  "alb.ingress.kubernetes.io/ssl-policy": tls.sslPolicy, "alb.ingress.kubernetes.io/certificate-arn": tls.certificateArn,
};

/** Samples for the network and its entrances. */
export const networkSamples: Samples = {
  "aws-open-ports": pair(ingress, { fromPort: 443, toPort: 443 }, { fromPort: 5432, toPort: 5432 }, /ports 5432 to 5432 are open to the world/, world),
  "aws-open-groups": {
    passes: [balancer, aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ...world, securityGroupId: "sg-1", fromPort: 443, toPort: 443 })],
    fails: [balancer, aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ...world, securityGroupId: "sg-2", fromPort: 443, toPort: 443 })],
    fault: /belongs to no load balancer/,
  },
  "aws-no-ssh": pair("aws:ec2/securityGroup:SecurityGroup", { ingress: [{ fromPort: 23, toPort: 3388, cidrBlocks: ["10.0.0.0/8"] }] }, { ingress: [{ fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8"] }] }, /ports 22 to 22/),
  "aws-default-group-closed": pair("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: "vpc-1" }, { vpcId: "vpc-1", egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] }, /has rules for egress/),
  "aws-default-group-taken": beside(vpc, aws("ec2/defaultSecurityGroup:DefaultSecurityGroup"), /default security group is not closed/),
  "aws-flow-logs": beside(vpc, aws("ec2/flowLog:FlowLog"), /has no flow log/),
  "aws-endpoints": {
    passes: [vpc, ...["s3", "ecr.api", "ecr.dkr", "secretsmanager", "logs"].map(endpoint)],
    fails: [vpc, ...["s3", "ecr.api", "ecr.dkr", "logs"].map(endpoint)],
    fault: /has no endpoints for secretsmanager$/,
  },
  "aws-imds-v2": pair("aws:ec2/launchTemplate:LaunchTemplate", { metadataOptions: imds }, { metadataOptions: { ...imds, httpPutResponseHopLimit: 2 } }, /httpPutResponseHopLimit is 2; it must be 1/),
  "aws-imds-v2-instance": pair("aws:ec2/instance:Instance", { metadataOptions: imds }, {}, /httpTokens is not set; it must be "required"/),
  "aws-no-public-address": pair("aws:ecs/service:Service", { networkConfiguration: { assignPublicIp: false } }, { networkConfiguration: { assignPublicIp: true } }, /gets a public address/),
  "aws-private-subnets": {
    passes: [aws("ec2/subnet:Subnet", { mapPublicIpOnLaunch: true }, { name: "public-1" }), aws("ec2/subnet:Subnet", {}, { name: "private-1" })],
    fails: [aws("ec2/subnet:Subnet", { mapPublicIpOnLaunch: true }, { name: "private-1" })],
    fault: /public addresses in a private subnet/,
  },
  "aws-listener-tls": {
    passes: [aws("lb/listener:Listener", { protocol: "HTTP", defaultActions: [redirect] }), aws("lb/listener:Listener", tls), aws("lb/listener:Listener", { ...tls, certificateArn: unknownMark })],
    fails: [aws("lb/listener:Listener", { ...tls, sslPolicy: "ELBSecurityPolicy-2016-08" })],
    fault: /sslPolicy is "ELBSecurityPolicy-2016-08"; it must be a policy of TLS 1.2 and 1.3/,
  },
  "kubernetes-ingress-tls": pair("kubernetes:networking.k8s.io/v1:Ingress", { metadata: { annotations } }, { metadata: { annotations: { ...annotations, "alb.ingress.kubernetes.io/ssl-redirect": undefined } } }, /listens on HTTP without a redirect/, { spec: { ingressClassName: "alb" } }),
  "public-listeners": {
    passes: [balancer, aws("lb/listener:Listener", { protocol: "HTTP", defaultActions: [redirect] }, { name: "http", dependencies: [balancer.urn] }), aws("lb/listener:Listener", tls, { dependencies: [balancer.urn] })],
    fails: [balancer, aws("lb/listener:Listener", { protocol: "HTTP", defaultActions: [redirect] }, { name: "http", dependencies: [balancer.urn] })],
    fault: /has no HTTPS listener/,
  },
  "aws-load-balancer-hardened": pair(balancer.type, { dropInvalidHeaderFields: true }, {}, /dropInvalidHeaderFields is not set/, { accessLogs: { enabled: true, bucket: "logs" } }),
  "aws-load-balancer-idle-timeout": pair(balancer.type, { idleTimeout: 3600 }, { idleTimeout: 60 }, /idleTimeout is 60; it must be at least 300 seconds/),
  "aws-load-balancer-protected": pair(balancer.type, { enableDeletionProtection: true }, { enableDeletionProtection: false }, /enableDeletionProtection is false/),
  "aws-certificate-renews": pair("aws:acm/certificate:Certificate", { validationMethod: "DNS" }, { privateKey: secretMark }, /is imported and does not renew itself/),
  "aws-default-tags": pair("pulumi:providers:aws", { defaultTags: JSON.stringify({ tags: { stack: "dev" } }) }, {}, /has no defaultTags/),
};
