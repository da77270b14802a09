import type { Statement } from "../../aws/roles";

/** Tag that the controller puts on what it makes. */
const clusterTag = "elbv2.k8s.aws/cluster";
const made = { test: "Null", variable: `aws:ResourceTag/${clusterTag}`, values: ["false"] };
const asked = { test: "Null", variable: `aws:RequestTag/${clusterTag}`, values: ["false"] };
const balancers = ["loadbalancer/app/*/*", "targetgroup/*/*", "listener/app/*/*/*", "listener-rule/app/*/*/*"].map((part) => `arn:aws:elasticloadbalancing:*:*:${part}`);
const groups = "arn:aws:ec2:*:*:security-group/*";

/**
 * Rights of the AWS Load Balancer Controller 2.13, from its own `docs/install/iam_policy.json`: it reads what there is, makes what it
 * tags with the cluster's name, and changes only that. Cognito, Shield and the server certificates of IAM are left out: the entries use none.
 */
export const loadBalancerRights: readonly Statement[] = [
  { actions: ["iam:CreateServiceLinkedRole"], resources: ["*"], conditions: [{ test: "StringEquals", variable: "iam:AWSServiceName", values: ["elasticloadbalancing.amazonaws.com"] }] },
  {
    // Reading has no resource in these interfaces.
    actions: [
      ...["AccountAttributes", "Addresses", "AvailabilityZones", "InternetGateways", "Vpcs", "VpcPeeringConnections", "Subnets", "SecurityGroups", "Instances", "NetworkInterfaces", "Tags", "CoipPools", "IpamPools", "RouteTables"].map((what) => `ec2:Describe${what}`),
      "ec2:GetCoipPoolUsage", "ec2:GetSecurityGroupsForVpc",
      ...["LoadBalancers", "LoadBalancerAttributes", "Listeners", "ListenerCertificates", "SSLPolicies", "Rules", "TargetGroups", "TargetGroupAttributes", "TargetHealth", "Tags", "TrustStores", "ListenerAttributes", "CapacityReservation"].map((what) => `elasticloadbalancing:Describe${what}`),
      "acm:ListCertificates", "acm:DescribeCertificate",
    ],
    resources: ["*"],
  },
  { actions: ["wafv2:GetWebACL", "wafv2:GetWebACLForResource", "wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"], resources: ["*"] },
  { actions: ["ec2:CreateSecurityGroup"], resources: ["*"] },
  { actions: ["ec2:CreateTags"], resources: [groups], conditions: [{ test: "StringEquals", variable: "ec2:CreateAction", values: ["CreateSecurityGroup"] }, asked] },
  { actions: ["ec2:CreateTags", "ec2:DeleteTags"], resources: [groups], conditions: [made] },
  // The rules of the nodes' group, which EKS has tagged, and of the groups of load balancers.
  { actions: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"], resources: ["*"] },
  { actions: ["ec2:DeleteSecurityGroup"], resources: ["*"], conditions: [made] },
  { actions: ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"], resources: ["*"], conditions: [asked] },
  { actions: ["elasticloadbalancing:CreateListener", "elasticloadbalancing:DeleteListener", "elasticloadbalancing:CreateRule", "elasticloadbalancing:DeleteRule"], resources: ["*"] },
  { actions: ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"], resources: balancers },
  {
    actions: ["ModifyLoadBalancerAttributes", "SetIpAddressType", "SetSecurityGroups", "SetSubnets", "DeleteLoadBalancer", "ModifyTargetGroup", "ModifyTargetGroupAttributes", "DeleteTargetGroup", "ModifyListenerAttributes", "ModifyCapacityReservation"].map((action) => `elasticloadbalancing:${action}`),
    resources: ["*"],
    conditions: [made],
  },
  { actions: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"], resources: ["arn:aws:elasticloadbalancing:*:*:targetgroup/*/*"] },
  { actions: ["SetWebAcl", "ModifyListener", "AddListenerCertificates", "RemoveListenerCertificates", "ModifyRule", "SetRulePriorities"].map((action) => `elasticloadbalancing:${action}`), resources: ["*"] },
];

/** Rights of ExternalDNS (its documentation, "Setting up ExternalDNS for Services on AWS"): records of one zone. */
export function dnsRights(hostedZoneId: string): Statement[] {
  return [
    { actions: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResources"], resources: [`arn:aws:route53:::hostedzone/${hostedZoneId}`] },
    { actions: ["route53:ListHostedZones"], resources: ["*"] },
  ];
}
