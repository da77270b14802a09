import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import { AwsImage } from "../aws/images";
import { resourcesOf } from "../aws/dependencies";
import type { RoleWithPolicies } from "../aws/roles";
import { AwsSecret } from "../aws/secrets";
import { executionStatements } from "../aws/statements";
import { addAlarms } from "../ecs/alarms";
import type { EcsCluster } from "../ecs/cluster";
import { taskRole } from "../ecs/roles";
import { openConnections, ownStatements } from "../ecs/task";
import type { EntrySpec, Options, ServiceSpec } from "../target";
import { fingerprint } from "./names";
import { ExpressRollout } from "./rollout";

/** What an Express service is made from. */
export interface ExpressArgs {
  readonly cluster: EcsCluster;
  /** With it ECS makes load balancer, certificate, groups and alarms. */
  readonly infrastructure: RoleWithPolicies;
  readonly spec: ServiceSpec;
  readonly entry: EntrySpec;
}

/** Per cent of the reserved vCPU that the number of tasks keeps to. */
const targetPercent = 60;

/** Longest deployment, in seconds: ECS makes a load balancer first, shifts the traffic in steps and bakes. */
const deploymentSeconds = 3600;

/**
 * A service of ECS Express Mode: tasks of Fargate with the load balancer, the certificate and the address that ECS makes for it.
 * `rollout` is there once ECS runs the wanted image.
 */
export class ExpressService extends pulumi.ComponentResource {
  readonly rollout: ExpressRollout;
  /** Host name that ECS gives it. */
  readonly host: pulumi.Output<string>;

  constructor(name: string, foundation: AwsFoundation, { cluster, infrastructure, spec, entry }: ExpressArgs, { parent: owner, dependsOn }: Options) {
    super("somastack:apprunner:ExpressService", name, {}, { ...(owner === undefined ? {} : { parent: owner }), providers: [foundation.provider] });
    const parent = { parent: this };
    const { context: { values: { region } }, key, network } = foundation;
    const image = AwsImage.of(spec.image).reference;
    const logGroup = foundation.logs.group(name);
    const secrets = Object.entries(spec.secrets).map(([variable, reference]) => ({ variable, secret: AwsSecret.of(reference) }));
    const secretArns = [...new Set(secrets.map(({ secret }) => secret))].map(({ arn }) => arn);
    const execution = taskRole(`${name}-execution`, executionStatements({ region, images: [image], logGroupArns: [logGroup.arn], secretArns, keyArn: key.arn }), this);
    const own = taskRole(name, ownStatements(foundation, spec, []), this);

    const settings = {
      cpu: String(Math.round(spec.cpu * 1024)),
      memory: String(spec.memoryMib),
      executionRoleArn: execution.role.arn,
      taskRoleArn: own.role.arn,
      healthCheckPath: entry.health.path,
      // ECS takes the kind of its load balancer from the subnets: only in public ones does it face the internet.
      networkConfigurations: [{ subnets: network.publicSubnetIds, securityGroups: [openConnections(name, foundation, spec, false).id] }],
      primaryContainer: {
        image,
        containerPort: entry.port,
        ...(spec.command === undefined ? {} : { commands: [...spec.command] }),
        environments: Object.entries(spec.environment).map(([variable, value]) => ({ name: variable, value })).sort(byName),
        // With its version: a new value is a new revision, and so reaches every task.
        secrets: secrets.map(({ variable, secret }) => ({ name: variable, valueFrom: pulumi.interpolate`${secret.arn}:::${secret.version.versionId}` })).sort(byName),
        awsLogsConfigurations: [{ logGroup: logGroup.name, logStreamPrefix: name }],
      },
      scalingTargets: [{ minTaskCount: spec.replicas.min, maxTaskCount: spec.replicas.max, autoScalingMetric: "AVERAGE_CPU", autoScalingTargetValue: targetPercent }],
    };
    const service = new aws.ecs.ExpressGatewayService(name, {
      serviceName: name,
      cluster: cluster.cluster.name,
      infrastructureRoleArn: infrastructure.role.arn,
      ...settings,
      // A deployment that is over when the update looks is never mistaken for the one before.
      waitForSteadyState: true,
    }, {
      ...parent,
      dependsOn: [...resourcesOf(dependsOn), ...execution.policies, ...own.policies, ...infrastructure.policies, cluster.ready],
      // ECS adds a group of its own to ours, which would count as a change.
      ignoreChanges: ["networkConfigurations"],
    });
    this.rollout = new ExpressRollout(name, {
      region, cluster: cluster.cluster.arn, service: service.serviceName, serviceName: name, image, settings: pulumi.jsonStringify(settings).apply(fingerprint), timeoutSeconds: deploymentSeconds,
    }, { ...parent, dependsOn: [service] });
    this.host = service.ingressPaths.apply((paths) => (paths[0]?.endpoint ?? "").replace(/^https:\/\//, "").replace(/\/$/, ""));
    addAlarms(name, foundation, cluster.cluster.name, spec.replicas.min, this);
    this.registerOutputs({});
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
