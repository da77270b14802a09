import { capabilities } from "../settings/capabilities";
import { fill, plainBindings, resolveEnvironment } from "./bindings";
import type { Deployment } from "./deployment";
import { hostnameOf } from "./entry";
import { replicasOf, sizeOn } from "./sizing";
import type { Job, Service } from "./types";

/** A difference between two deployments of the same configuration. */
export interface Difference {
  /** Service or job. */
  readonly item: string;
  /** What of it differs. */
  readonly what: string;
  readonly first: string;
  readonly second: string;
}

/** How an absent thing is shown. */
const absent = "-";

/** What differs between two deployments: variables, ports, probes, limits and volumes of each service and job. */
export function parity(first: Deployment, second: Deployment): Difference[] {
  const [a, b] = [describe(first), describe(second)];
  const items = [...new Set([...a.keys(), ...b.keys()])].sort();
  return items.flatMap((item) => {
    const [left, right] = [a.get(item) ?? new Map<string, string>(), b.get(item) ?? new Map<string, string>()];
    return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((what) => {
      const [one, other] = [left.get(what) ?? absent, right.get(what) ?? absent];
      return one === other ? [] : [{ item, what, first: one, second: other }];
    });
  });
}

function describe(deployment: Deployment): Map<string, Map<string, string>> {
  const bindings = plainBindings(deployment);
  return new Map([...deployment.services, ...deployment.jobs].map((item) => [item.name, facts(item, deployment, bindings)]));
}

function facts(item: Service | Job, deployment: Deployment, bindings: ReadonlyMap<string, string>): Map<string, string> {
  // Of a managed service the target makes what it is; the catalog's container is not there.
  if (deployment.managed.has(item.name)) return new Map([["runs as", "managed service of AWS"]]);
  const size = sizeOn(deployment.settings.values, item);
  const { plain, secret } = resolveEnvironment(item.environment, (template) => known(template, deployment, bindings), (name) => (deployment.unusedSecrets.has(name) ? undefined : `secret ${name}`));
  const found = new Map<string, string>([
    ["limit cpu", `${size.cpu} vCPU`],
    ["limit memory", `${size.memoryMib} MiB`],
    ["limit disk", size.diskGib === undefined ? "the machine's" : `${size.diskGib} GiB`],
    ...Object.entries({ ...plain, ...secret }).map(([name, value]) => [`variable ${name}`, value] as const),
  ]);
  if ("health" in item) for (const [what, value] of serviceFacts(item, deployment)) found.set(what, value);
  return found;
}

/** Addresses of managed services are known when they are made. */
function known(template: string, deployment: Deployment, bindings: ReadonlyMap<string, string>): string | undefined {
  return fill(template, (name) => (deployment.managed.has(name.split(".")[0] ?? "") ? `<${name}>` : bindings.get(name)));
}

function serviceFacts(service: Service, { settings }: Deployment): [string, string][] {
  const { deploymentTarget, deploymentMode } = settings.values;
  const local = capabilities[deploymentTarget].sizing === "host";
  const { min, max } = local ? { min: 1, max: 1 } : replicasOf(service, deploymentMode === "PROD");
  const hostname = hostnameOf(service, settings);
  const probe = service.entry?.health;
  return [
    ["instances", min === max ? String(min) : `${min} to ${max}`],
    ...service.ports.map((port): [string, string] => [`port ${port.container}`, local && port.published !== undefined ? `127.0.0.1:${port.published}` : "in the network"]),
    ["entry", hostname === undefined ? absent : `https://${hostname}`],
    ["probe health", service.health.command.join(" ")],
    ["probe entry", local || probe === undefined ? absent : `${probe.path}${probe.host === undefined ? "" : ` (Host ${probe.host})`}`],
    ...(service.volumes ?? []).map((volume): [string, string] => [`volume ${volume.name}`, `${volume.path}, ${local ? "the machine's disk" : `${volume.sizeGib} GiB`}`]),
  ];
}
