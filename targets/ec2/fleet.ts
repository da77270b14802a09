import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { register } from "../aws/discovery";
import type { AwsFoundation } from "../aws/foundation";
import { renderDocument, type Part } from "./document";
import { graphOf, type Graph } from "./graph";
import { Ec2Group, instanceRole, instancesOfGroup } from "./group";
import { JobRunner } from "./jobs";
import { Ec2Service, Ec2Task, type Member } from "./member";
import { groupsOf, instancesOf, type Grouping } from "./placement";
import { Releases } from "./releases";
import { serviceIdentity } from "./rights";
import { valuesOf } from "./values";
import { Ec2Volume, type Volumes } from "./volume";

/** Group of the instance that runs the jobs between groups. */
const operations = "operations";

/** Addresses besides its own that every instance type of ours can have (EC2 user guide, "IP addresses per network interface per instance type"). */
const mostAddresses = 9;

/** What instances are made from, once everything is declared. */
export interface FleetArgs {
  readonly foundation: AwsFoundation;
  readonly members: readonly Member[];
  readonly grouping: Grouping;
  readonly volumes: Volumes | undefined;
}

/** All instances of a stack: a group for each layer, and one instance that runs the jobs between them. */
export class Fleet extends pulumi.ComponentResource {
  private readonly groupOf: ReadonlyMap<string, string>;
  private readonly graph: Graph;
  private readonly byName: ReadonlyMap<string, Member>;
  private readonly releases: Releases;

  /** @throws Error when groups wait for each other */
  constructor(name: string, private readonly args: FleetArgs, options: pulumi.ComponentResourceOptions) {
    super("somastack:ec2:Fleet", name, {}, options);
    const { foundation, members, grouping } = args;
    this.byName = new Map(members.map((member) => [member.memberName, member]));
    this.groupOf = groupsOf(members.filter((member) => member instanceof Ec2Service).map(({ memberName, spec }) => ({ name: memberName, replicas: spec.replicas })), grouping);
    this.graph = graphOf(members.map((member) => {
      const group = this.groupOf.get(member.memberName);
      return { name: member.memberName, ...(group === undefined ? {} : { group }), after: this.afterOf(member).map(({ memberName }) => memberName) };
    }));
    this.releases = new Releases("releases", foundation, { parent: this });
    this.openConnections();
    for (const group of new Set(this.groupOf.values())) this.makeGroup(group);
    this.runJobs();
    this.registerOutputs({});
  }

  /** The declared services and jobs among what a member waits for. */
  private afterOf({ dependsOn }: Member): Member[] {
    return this.args.members.filter((member) => dependsOn.includes(member));
  }

  /** Where something runs: its group, for a job between groups the operations. */
  private placeOf(name: string): string {
    return this.groupOf.get(name) ?? this.graph.inside.get(name) ?? operations;
  }

  /** What has to be there before a place may run its members; what runs there itself is ordered there. */
  private beforeOf(place: string, members: readonly Member[]): pulumi.Resource[] {
    return [...new Set(members.flatMap(({ dependsOn }) => dependsOn))].filter((resource) => !this.args.members.some((member) => member === resource && this.placeOf(member.memberName) === place));
  }

  /** The connections that the catalog needs between groups and to managed data, and no others. */
  private openConnections(): void {
    const { foundation: { securityGroups, objectStores }, members } = this.args;
    for (const { memberName, spec } of members) {
      const from = this.placeOf(memberName);
      for (const { service, port } of spec.calls) {
        const to = this.groupOf.get(service);
        if (to === undefined) {
          if (!objectStores.has(service)) securityGroups.allow(instancesOfGroup(from), service, port);
        } else if (to !== from) securityGroups.allow(instancesOfGroup(from), instancesOfGroup(to), port);
      }
    }
    for (const member of members) {
      if (!(member instanceof Ec2Service) || member.exposure === undefined || member.entryPorts === undefined || member.spec.entry === undefined) continue;
      const { traffic, health } = member.entryPorts;
      for (const port of new Set([traffic, health])) {
        securityGroups.allowFromGroup(member.exposure.loadBalancerSecurityGroup, `${member.spec.entry.visibility}-entrance`, instancesOfGroup(this.placeOf(member.memberName)), port);
      }
    }
  }

  /** Whether someone on other instances calls a service. */
  private isCalledFromOutside(name: string): boolean {
    return this.args.members.some(({ memberName, spec }) => this.placeOf(memberName) !== this.placeOf(name) && spec.calls.some(({ service }) => service === name));
  }

  private makeGroup(group: string): void {
    const { foundation, members, volumes } = this.args;
    const here = members.filter(({ memberName }) => this.placeOf(memberName) === group);
    const services = here.filter((member) => member instanceof Ec2Service);
    const { role, policies } = instanceRole(group, this);
    const names = new Map(services.filter(({ memberName }) => this.isCalledFromOutside(memberName)).map((member) => [member.memberName, this.register(member)]));
    if (names.size > mostAddresses) throw new Error(`the group ${group} needs ${names.size} addresses, an instance has ${mostAddresses}; set somastack:ec2 to {"groups": "layers"}`);
    const identities = new Map(services.flatMap((member) => {
      const identity = serviceIdentity(member.memberName, foundation, member.spec, role, member);
      return identity === undefined ? [] : [[member.memberName, identity] as const];
    }));
    const disks = services.flatMap(({ spec }) => spec.volumes.map(({ volume }) => Ec2Volume.of(volume)));
    const parts = here.map((member) => this.part(member, identities.get(member.memberName)?.role.arn, names.get(member.memberName)?.id));
    const release = this.releases.put(group, `groups/${group}`, pulumi.all([pulumi.all(parts), pulumi.all(disks.map(({ volumeName, disk }) => ({ name: volumeName, id: disk.id })))])
      .apply(([known, found]) => renderDocument({ region: foundation.context.values.region, parts: known, volumes: found, stream: (name) => `\${SOMASTACK_INSTANCE_ID}/${name}` })), this);
    const { refresh } = new Ec2Group(group, {
      foundation, releases: this.releases, role, release, members: here, services, size: instancesOf(services.map(({ memberName, spec }) => ({ name: memberName, replicas: spec.replicas }))),
      names: [...names.values()], identities: [...identities.values()], volumes: disks, place: volumes, before: [...policies, ...this.beforeOf(group, here)],
    }, { parent: this });
    for (const member of here) this.record(member, release.key, refresh);
  }

  private register({ memberName, spec }: Ec2Service): aws.servicediscovery.Service {
    const { dns } = this.args.foundation;
    const member = this.byName.get(memberName);
    if (dns === undefined || member === undefined) throw new Error(`${memberName} has no in-network name`);
    return register(spec.aliases[0] ?? memberName, dns.namespaceId, member);
  }

  /** What a container is made from; those of its own instance find it under every name that it has. */
  private part(member: Member, role?: pulumi.Output<string>, nameId?: pulumi.Output<string>): pulumi.Output<Part> {
    const { foundation: { dns, logs, objectStores } } = this.args;
    const { memberName, spec } = member;
    if (member instanceof Ec2Task && spec.calls.some(({ service }) => objectStores.has(service))) throw new Error(`${memberName}: a job on EC2 has no rights at AWS and cannot use its buckets`);
    const place = this.placeOf(memberName);
    const after = this.afterOf(member).filter((other) => place !== operations && this.placeOf(other.memberName) === place).map((other) => ({ name: other.memberName, ends: other instanceof Ec2Task }));
    const aliases = [...(spec.aliases ?? []), ...(dns === undefined ? [] : [`${spec.aliases?.[0] ?? memberName}.${dns.domain}`])];
    const known = valuesOf(spec, { logGroup: logs.group(memberName).name, ...(role === undefined ? {} : { role }), ...(nameId === undefined ? {} : { nameId }) });
    return known.apply((values) => ({ name: memberName, spec, after, aliases, known: values }));
  }

  /** Says which release of a service runs, once it does: what depends on the service waits for this. */
  private record(member: Member, key: pulumi.Output<string>, refresh: pulumi.Resource): void {
    const { stack } = this.args.foundation.context;
    new aws.ssm.Parameter(member.memberName, { name: `/somastack/${stack}/running/${member.memberName}`, type: "String", value: key }, { parent: member, dependsOn: [refresh] });
  }

  private runJobs(): void {
    const { foundation, members } = this.args;
    const jobs = members.filter((member) => member instanceof Ec2Task).filter(({ memberName }) => this.placeOf(memberName) === operations);
    if (jobs.length === 0) return;
    const { role, policies } = instanceRole(operations, this);
    const release = this.releases.put(operations, `groups/${operations}`, pulumi.output(renderDocument({ region: foundation.context.values.region, parts: [], volumes: [], stream: (name) => name })), this);
    const { refresh } = new Ec2Group(operations, {
      foundation, releases: this.releases, role, release, members: jobs, services: [], size: { min: 1, max: 1 },
      shared: { reads: ["jobs", "done"], writes: ["done"] }, names: [], identities: [], volumes: [], place: undefined, before: policies,
    }, { parent: this });
    const runner = new JobRunner("jobs", foundation, this.releases, operations, refresh, { parent: this });
    for (const job of jobs) runner.run(job, this.part(job));
  }
}
