import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Exposure } from "../aws/entrances";
import type { AwsFoundation } from "../aws/foundation";
import type { Options, ServiceSpec } from "../target";
import { addAlarms } from "./alarms";
import type { EcsCluster } from "./cluster";
import { relayPort, type RelayedHealth } from "./containers";
import { resourcesOf } from "../aws/dependencies";
import { register } from "../aws/discovery";
import { EcsRollout } from "./rollout";
import { scaleService } from "./scaling";
import { EcsTask } from "./task";

/** Minutes in which a new version has the traffic while the old one still stands by. */
const bakeMinutes = { production: 10, development: 1 } as const;

/** Longest deployment besides its bake time, in seconds: instances may have to start first, and a circuit breaker needs its failures. */
const deploymentSeconds = 2400;

/**
 * A service on ECS: its task, its in-network name, its way in, its scaling and its alarms. `rollout` is there once ECS runs the wanted
 * task definition.
 */
export class EcsService extends pulumi.ComponentResource {
  readonly rollout: EcsRollout;
  readonly url: pulumi.Output<string> | undefined;

  constructor(name: string, foundation: AwsFoundation, cluster: EcsCluster, spec: ServiceSpec, { parent: owner, dependsOn }: Options) {
    super("somastack:ecs:Service", name, {}, { ...(owner === undefined ? {} : { parent: owner }), providers: [foundation.provider] });
    const parent = { parent: this };
    const { production } = foundation.context.profile;
    const relay = relayOf(spec);
    const task = new EcsTask(name, foundation, cluster.capacity, spec, relay, parent);
    // Data has one place: its old task ends before the new one starts.
    const single = spec.volumes.length > 0;
    const blueGreen = spec.entry !== undefined && !single;
    const exposure = spec.entry === undefined ? undefined : this.expose(name, foundation, spec.entry, relay, blueGreen);
    this.url = exposure?.url;
    const alarms = addAlarms(name, foundation, cluster.cluster.name, spec.replicas.min, this);
    const scaled = spec.replicas.max > spec.replicas.min;
    const bake = bakeMinutes[production ? "production" : "development"];

    const capacityProviderStrategies = [{ capacityProvider: cluster.capacityProvider, weight: 1 }];
    const networkConfiguration = { subnets: foundation.network.privateSubnetIds, securityGroups: [task.securityGroup.id], assignPublicIp: false };
    const loadBalancers = exposure === undefined || spec.entry === undefined ? [] : [{
      targetGroupArn: exposure.targetGroup.arn,
      containerName: name,
      containerPort: spec.entry.port,
      ...(exposure.alternate === undefined ? {} : {
        advancedConfiguration: { alternateTargetGroupArn: exposure.alternate.arn, productionListenerRule: exposure.productionRuleArn, roleArn: cluster.trafficRole.role.arn },
      }),
    }];
    // Names know no colours: during a blue/green deployment callers inside the network reach the old and the new version.
    const registry = spec.ports.length === 0 || foundation.dns === undefined ? undefined : register(spec.aliases[0] ?? name, foundation.dns.namespaceId, this);
    const service = new aws.ecs.Service(name, {
      name,
      cluster: cluster.cluster.arn,
      taskDefinition: task.definition.arn,
      desiredCount: spec.replicas.min,
      capacityProviderStrategies,
      ...(cluster.capacity === "FARGATE" ? {} : {
        // Zones first, so that no zone's end takes every task; within one, as few instances as hold them.
        orderedPlacementStrategies: [{ type: "spread", field: "attribute:ecs.availability-zone" }, { type: "binpack", field: "memory" }],
      }),
      networkConfiguration,
      loadBalancers,
      ...(registry === undefined ? {} : { serviceRegistries: { registryArn: registry.arn } }),
      ...(exposure === undefined ? {} : { healthCheckGracePeriodSeconds: spec.health.startPeriodSeconds }),
      deploymentMinimumHealthyPercent: single ? 0 : 100,
      deploymentMaximumPercent: single ? 100 : 200,
      deploymentConfiguration: blueGreen ? { strategy: "BLUE_GREEN", bakeTimeInMinutes: String(bake) } : { strategy: "ROLLING" },
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { alarmNames: [alarms.deployment.name], enable: true, rollback: true },
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      // The rollout below waits, and tells a rollback from a success.
      waitForSteadyState: false,
    }, {
      ...parent,
      dependsOn: [...resourcesOf(dependsOn), ...task.waitFor, ...(exposure?.resources ?? []), ...(exposure?.alternate === undefined ? [] : cluster.trafficRole.policies), cluster.ready],
      ignoreChanges: scaled ? ["desiredCount"] : [],
    });
    this.rollout = new EcsRollout(name, {
      region: foundation.context.values.region,
      cluster: cluster.cluster.arn,
      service: service.name,
      taskDefinition: task.definition.arn,
      settings: pulumi.jsonStringify({ capacityProviderStrategies, networkConfiguration, loadBalancers, registry: registry?.arn }),
      timeoutSeconds: deploymentSeconds + (blueGreen ? bake * 60 : 0),
    }, { ...parent, dependsOn: [service] });
    if (scaled) scaleService(name, { clusterName: cluster.cluster.name, serviceName: service.name, replicas: spec.replicas, ...(exposure === undefined ? {} : { exposure }) }, this);
    this.registerOutputs({});
  }

  private expose(name: string, { entrances, securityGroups }: AwsFoundation, entry: NonNullable<ServiceSpec["entry"]>, relay: RelayedHealth | undefined, blueGreen: boolean): Exposure {
    const health = relay === undefined ? { healthPort: entry.health.port, healthPath: entry.health.path } : { healthPort: relayPort, healthPath: "/" };
    const exposure = entrances.expose(name, entry, { targetType: "ip", blueGreen, ...health }, { parent: this });
    for (const port of new Set([entry.port, health.healthPort])) securityGroups.allowFromGroup(exposure.loadBalancerSecurityGroup, `${entry.visibility}-entrance`, name, port);
    return exposure;
  }
}

/** A load balancer asks by address: an application that insists on its host name is asked by a container beside it. */
function relayOf({ entry }: ServiceSpec): RelayedHealth | undefined {
  const host = entry?.health.host;
  return entry === undefined || host === undefined ? undefined : { port: entry.health.port, path: entry.health.path, host };
}
