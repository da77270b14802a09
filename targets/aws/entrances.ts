import { createHash } from "node:crypto";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { EntrySpec, Options } from "../target";
import { certificate } from "./certificate";
import type { AwsFoundation } from "./foundation";
import { LoadBalancer, type Visibility } from "./load-balancer";

/** How a service stands behind its load balancer. */
export interface ExposureOptions {
  readonly targetType: "ip" | "instance";
  /** A second target group for the version to come. */
  readonly blueGreen: boolean;
  /** Where the load balancer asks for health, when not where the entry says: at a relay beside the application. */
  readonly healthPort?: number;
  readonly healthPath?: string;
}

/** A service's place behind a load balancer. */
export interface Exposure {
  readonly url: pulumi.Output<string>;
  readonly targetGroup: aws.lb.TargetGroup;
  /** The second group of a blue/green deployment. */
  readonly alternate?: aws.lb.TargetGroup;
  readonly productionRuleArn: pulumi.Output<string>;
  readonly loadBalancerSecurityGroup: aws.ec2.SecurityGroup;
  /** A service may register once these are there. */
  readonly resources: pulumi.Resource[];
}

/** Priorities of listener rules; each host name has one, by its hash. */
const priorities = 50_000;

/** The public and the internal load balancer, each made when a service first needs it. */
export class Entrances {
  private readonly made = new Map<Visibility, LoadBalancer>();
  private certificateArn: pulumi.Input<string> | undefined;

  constructor(private readonly foundation: AwsFoundation) {}

  /** Puts a service behind the load balancer of its visibility, under its host name. */
  expose(name: string, spec: EntrySpec, how: ExposureOptions, options: Options): Exposure {
    const { context: { profile, values: { hostedZoneId } }, network, provider, alarms } = this.foundation;
    const balancer = this.balancer(spec.visibility);
    const own = { ...options, provider };
    const group = (suffix: string): aws.lb.TargetGroup => new aws.lb.TargetGroup(`${name}${suffix}`, {
      vpcId: network.vpcId,
      port: spec.port,
      protocol: "HTTP",
      targetType: how.targetType,
      deregistrationDelay: profile.production ? 60 : 10,
      healthCheck: {
        protocol: "HTTP", path: how.healthPath ?? spec.health.path, port: String(how.healthPort ?? spec.health.port), matcher: "200-299",
        interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3,
      },
      // A WebSocket client that comes back finds the instance that knows it.
      ...(spec.websocket ? { stickiness: { type: "lb_cookie", enabled: true, cookieDuration: 86_400 } } : {}),
    }, own);
    const targetGroup = group("");
    const alternate = how.blueGreen ? group("-green") : undefined;
    const rule = new aws.lb.ListenerRule(name, {
      listenerArn: balancer.https.arn,
      priority: priorityOf(spec.hostname),
      conditions: [{ hostHeader: { values: [spec.hostname] } }],
      actions: [alternate === undefined
        ? { type: "forward", targetGroupArn: targetGroup.arn }
        : { type: "forward", forward: { targetGroups: [{ arn: targetGroup.arn, weight: 100 }, { arn: alternate.arn, weight: 0 }] } }],
    }, { ...own, ...(how.blueGreen ? { ignoreChanges: ["actions"] } : {}) });
    const record = hostedZoneId === undefined ? [] : [new aws.route53.Record(name, {
      zoneId: hostedZoneId, name: spec.hostname, type: "A",
      aliases: [{ name: balancer.balancer.dnsName, zoneId: balancer.balancer.zoneId, evaluateTargetHealth: true }],
    }, own)];
    alarms.add(`${name}-unhealthy`, {
      namespace: "AWS/ApplicationELB", metricName: "UnHealthyHostCount", statistic: "Maximum", period: 60, evaluationPeriods: 3, comparisonOperator: "GreaterThanThreshold", threshold: 0,
      dimensions: { LoadBalancer: balancer.balancer.arnSuffix, TargetGroup: targetGroup.arnSuffix }, alarmDescription: `An instance of ${name} does not answer its health check.`,
    }, options.parent);
    return {
      // The address is true once its record is there.
      url: pulumi.all(record.map(({ fqdn }) => fqdn)).apply(() => `https://${spec.hostname}`),
      targetGroup,
      ...(alternate === undefined ? {} : { alternate }),
      productionRuleArn: rule.arn,
      loadBalancerSecurityGroup: balancer.securityGroup,
      resources: [rule],
    };
  }

  private balancer(visibility: Visibility): LoadBalancer {
    const options = { parent: this.foundation, provider: this.foundation.provider };
    this.certificateArn ??= certificate(this.foundation.context, options);
    const found = this.made.get(visibility) ?? new LoadBalancer(visibility, this.foundation, this.certificateArn, { parent: this.foundation, providers: [this.foundation.provider] });
    this.made.set(visibility, found);
    return found;
  }
}

/** A priority that a host name keeps whatever else is exposed. Two names with the same one are refused by AWS. */
export function priorityOf(hostname: string): number {
  return (createHash("sha256").update(hostname).digest().readUInt32BE(0) % priorities) + 1;
}
