import * as aws from "@pulumi/aws";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";

/** Groups of rules that AWS keeps (AWS WAF developer guide, "AWS Managed Rules rule groups list"), in order. */
const managedRules = ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesSQLiRuleSet"];

/** Requests of one address in five minutes. */
const rateLimit = 2000;

/** Puts AWS WAF before a load balancer: the managed rules, and a limit a client. Without one its controller puts it there. */
export function webAcl(stack: string, loadBalancerArn: Input<string> | undefined, options: CustomResourceOptions): aws.wafv2.WebAcl {
  const visibility = (name: string): aws.types.input.wafv2.WebAclVisibilityConfig => ({ cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName: name });
  const acl = new aws.wafv2.WebAcl("waf", {
    name: `somastack-${stack}`,
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    visibilityConfig: visibility(`somastack-${stack}`),
    rules: [
      ...managedRules.map((name, index) => ({
        name, priority: index, overrideAction: { none: {} }, visibilityConfig: visibility(name), statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
      })),
      { name: "rate", priority: managedRules.length, action: { block: {} }, visibilityConfig: visibility("rate"), statement: { rateBasedStatement: { limit: rateLimit, aggregateKeyType: "IP" } } },
    ],
  }, options);
  if (loadBalancerArn !== undefined) new aws.wafv2.WebAclAssociation("waf", { resourceArn: loadBalancerArn, webAclArn: acl.arn }, options);
  return acl;
}
