import type * as pulumi from "@pulumi/pulumi";

import { resourcesOf } from "../aws/dependencies";
import { AwsTarget } from "../aws/target";
import type { Job, JobSpec, Options, Service, ServiceSpec, TargetContext, VolumeRef } from "../target";
import { Fleet } from "./fleet";
import { Ec2Service, Ec2Task, type Member } from "./member";
import { Volumes } from "./volume";

/**
 * SomaStack on EC2 instances of ours, without a container service: Docker runs each group's Compose file. Services share instances, so
 * these are made when everything is declared.
 */
export class Ec2Target extends AwsTarget {
  private readonly members: Member[] = [];
  private volumes: Volumes | undefined;

  constructor(context: TargetContext) {
    super(context, { privateDns: true });
  }

  override get outputs(): Readonly<Record<string, pulumi.Input<unknown>>> {
    return { ...super.outputs, groups: this.foundation.context.values.ec2.groups };
  }

  volume(name: string, { sizeGib }: { readonly sizeGib: number }, options: Options): VolumeRef {
    this.volumes ??= new Volumes("volumes", this.foundation, this.below());
    return this.volumes.volume(name, sizeGib, options);
  }

  job(name: string, spec: JobSpec, { parent, dependsOn }: Options): Job {
    const resource = new Ec2Task(name, this.foundation, spec, resourcesOf(dependsOn), parent);
    this.members.push(resource);
    return { resource };
  }

  service(name: string, spec: ServiceSpec, { parent, dependsOn }: Options): Service {
    const resource = new Ec2Service(name, this.foundation, spec, resourcesOf(dependsOn), parent);
    this.members.push(resource);
    const url = resource.exposure?.url;
    return { resource, bindings: {}, ...(url === undefined ? {} : { url }) };
  }

  /** Makes the instances. */
  complete(): void {
    const { foundation, members, volumes } = this;
    new Fleet("fleet", { foundation, members, grouping: foundation.context.values.ec2.groups, volumes }, this.below());
  }

  private below(): pulumi.ComponentResourceOptions {
    return { parent: this.foundation.context.parent, providers: [this.foundation.provider] };
  }
}
