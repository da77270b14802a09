import type * as pulumi from "@pulumi/pulumi";

import { AwsTarget } from "../aws/target";
import type { Job, JobSpec, Options, Service, ServiceSpec, TargetContext, VolumeRef } from "../target";
import { catalogTasks } from "./catalog-tasks";
import { EcsCluster, type Capacity } from "./cluster";
import { resourcesOf } from "../aws/dependencies";
import { EcsJob } from "./job";
import { EcsService } from "./service";
import { EcsTask } from "./task";
import { FileSystem } from "./volume";

/** SomaStack on Amazon ECS: on AWS Fargate, or on EC2 instances of ours. */
export class EcsTarget extends AwsTarget {
  protected readonly cluster: EcsCluster;
  private files: FileSystem | undefined;

  constructor(context: TargetContext, capacity: Capacity) {
    super(context, { privateDns: true });
    const tasks = capacity === "FARGATE" ? [] : catalogTasks(context.profile.production);
    this.cluster = new EcsCluster("ecs", this.foundation, capacity, tasks, this.below(context.parent));
  }

  override get outputs(): Readonly<Record<string, pulumi.Input<unknown>>> {
    return { ...super.outputs, cluster: this.cluster.cluster.name, capacity: this.cluster.capacity };
  }

  volume(name: string, _spec: { readonly sizeGib: number }, options: Options): VolumeRef {
    this.files ??= new FileSystem("files", this.foundation, this.below(this.foundation.context.parent));
    return this.files.volume(name, options);
  }

  job(name: string, spec: JobSpec, { parent, dependsOn }: Options): Job {
    const { network, context } = this.foundation;
    const task = new EcsTask(name, this.foundation, this.cluster.capacity, spec, undefined, this.below(parent));
    const resource = new EcsJob(name, {
      jobName: name,
      region: context.values.region,
      cluster: this.cluster.cluster.arn,
      taskDefinition: task.definition.arn,
      container: name,
      capacityProvider: this.cluster.capacityProvider,
      packed: this.cluster.capacity === "ECS_EC2",
      subnets: network.privateSubnetIds,
      securityGroups: [task.securityGroup.id],
      logGroup: task.logGroup.name,
      logStreamPrefix: name,
      timeoutSeconds: spec.timeoutSeconds,
    }, { parent: task, dependsOn: [...resourcesOf(dependsOn), ...task.waitFor, this.cluster.ready] });
    return { resource };
  }

  service(name: string, spec: ServiceSpec, options: Options): Service {
    const service = new EcsService(name, this.foundation, this.cluster, spec, options);
    return { resource: service.rollout, bindings: {}, ...(service.url === undefined ? {} : { url: service.url }) };
  }

  protected below(parent: pulumi.Resource | undefined): pulumi.ComponentResourceOptions {
    return { ...(parent === undefined ? {} : { parent }), providers: [this.foundation.provider] };
  }
}
