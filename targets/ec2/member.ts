import * as pulumi from "@pulumi/pulumi";

import type { Exposure } from "../aws/entrances";
import type { AwsFoundation } from "../aws/foundation";
import type { JobSpec, ServiceSpec } from "../target";
import type { PartSpec } from "./document";
import { entryPorts, type EntryPorts } from "./entry-ports";

/**
 * A service or a job as it is declared. Its instance, which it may share, is made when everything is declared; what others wait for then
 * becomes a child of this component.
 */
export abstract class Member extends pulumi.ComponentResource {
  abstract readonly spec: PartSpec;

  protected constructor(type: string, readonly memberName: string, foundation: AwsFoundation, readonly dependsOn: readonly pulumi.Resource[], parent: pulumi.Resource | undefined) {
    super(type, memberName, {}, { ...(parent === undefined ? {} : { parent }), providers: [foundation.provider] });
  }
}

/** A long-running service: its name behind a load balancer. */
export class Ec2Service extends Member {
  readonly exposure: Exposure | undefined;
  /** Ports of its instance that its load balancer uses. */
  readonly entryPorts: EntryPorts | undefined;

  constructor(name: string, foundation: AwsFoundation, readonly spec: ServiceSpec, dependsOn: readonly pulumi.Resource[], parent: pulumi.Resource | undefined) {
    super("somastack:ec2:Service", name, foundation, dependsOn, parent);
    const { entry, ports } = spec;
    if (entry !== undefined) {
      this.entryPorts = entryPorts(entry, ports);
      const { traffic, health, healthPath } = this.entryPorts;
      this.exposure = foundation.entrances.expose(name, { ...entry, port: traffic }, { targetType: "instance", blueGreen: false, healthPort: health, healthPath }, { parent: this });
    }
    this.registerOutputs({});
  }
}

/** A job that runs to its end. */
export class Ec2Task extends Member {
  constructor(name: string, foundation: AwsFoundation, readonly spec: JobSpec, dependsOn: readonly pulumi.Resource[], parent: pulumi.Resource | undefined) {
    super("somastack:ec2:Task", name, foundation, dependsOn, parent);
    this.registerOutputs({});
  }
}
