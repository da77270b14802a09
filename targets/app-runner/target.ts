import type * as pulumi from "@pulumi/pulumi";

import { EcsTarget } from "../ecs/target";
import { roleWith, type RoleWithPolicies } from "../aws/roles";
import { webAcl } from "../aws/waf";
import type { EntrySpec, Options, Service, ServiceSpec, TargetContext } from "../target";
import type { DomainRecords } from "./domain";
import { ExpressService } from "./express";
import { refuseUnfit } from "./fit";
import { AppRunnerService } from "./service";

/**
 * SomaStack with its front on AWS App Runner, or on Amazon ECS Express Mode for accounts without App Runner; everything else, jobs too,
 * runs on AWS Fargate.
 */
export class AppRunnerTarget extends EcsTarget {
  private readonly records = new Map<string, DomainRecords>();
  private wall: { readonly arn: pulumi.Output<string> } | undefined;
  private infrastructure: RoleWithPolicies | undefined;

  constructor(context: TargetContext) {
    super(context, "FARGATE");
  }

  override get outputs(): Readonly<Record<string, pulumi.Input<unknown>>> {
    const { values } = this.foundation.context;
    return {
      ...super.outputs,
      engine: values.appRunner.engine,
      // Without a hosted zone the user makes them.
      ...(this.records.size === 0 || values.hostedZoneId !== undefined ? {} : { records: Object.fromEntries(this.records) }),
    };
  }

  override service(name: string, spec: ServiceSpec, options: Options): Service {
    const { entry } = spec;
    if (spec.front !== true || entry === undefined) return super.service(name, spec, options);
    refuseUnfit(name, spec, entry);
    this.foundation.outside.add(name);
    return this.foundation.context.values.appRunner.engine === "express" ? this.onExpress(name, spec, entry, options) : this.onAppRunner(name, spec, entry, options);
  }

  private onAppRunner(name: string, spec: ServiceSpec, entry: EntrySpec, options: Options): Service {
    const { rollout, records } = new AppRunnerService(name, this.foundation, { spec, entry, webAclArn: this.webAclArn }, options);
    this.records.set(name, records);
    const url = `https://${entry.hostname}`;
    return { resource: rollout, url, bindings: { url, host: entry.hostname, port: "443", virtualHost: entry.hostname } };
  }

  private onExpress(name: string, spec: ServiceSpec, entry: EntrySpec, options: Options): Service {
    // AWS keeps this policy for exactly this (ECS developer guide, "Express Mode infrastructure role").
    this.infrastructure ??= roleWith("express", "ecs.amazonaws.com", ["service-role/AmazonECSInfrastructureRoleforExpressGatewayServices"], this.cluster);
    const { rollout, host } = new ExpressService(name, this.foundation, { cluster: this.cluster, infrastructure: this.infrastructure, spec, entry }, options);
    const url = host.apply((text) => `https://${text}`);
    return { resource: rollout, url, bindings: { url, host, port: "443", virtualHost: host } };
  }

  /** One web ACL for the whole front; the public load balancer has its own. */
  private get webAclArn(): pulumi.Output<string> | undefined {
    const { foundation } = this;
    if (!foundation.context.values.waf) return undefined;
    this.wall ??= webAcl(`${foundation.context.stack}-front`, undefined, { parent: this.cluster, provider: foundation.provider });
    return this.wall.arn;
  }
}
