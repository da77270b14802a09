import type { EntrySpec, ServiceSpec } from "../target";

/** Port on which the relay of health questions listens in its container. */
export const relayPort = 8099;

/** Added to the port of the traffic where health is asked elsewhere: no published port of the catalog is that far from another. */
const healthOffset = 10_000;

/** Where the load balancer finds a service on an instance, on the instance's own address. */
export interface EntryPorts {
  readonly traffic: number;
  readonly health: number;
  /** The load balancer asks by address: an application that insists on its host name is asked by a container beside it. */
  readonly relayed: boolean;
  readonly healthPath: string;
}

/** The ports of a service's entry: the traffic comes in on the published one, which no other service has. */
export function entryPorts(entry: EntrySpec, ports: ServiceSpec["ports"]): EntryPorts {
  const traffic = ports.find(({ container }) => container === entry.port)?.published ?? entry.port;
  const relayed = entry.health.host !== undefined;
  const apart = relayed || entry.health.port !== entry.port;
  return { traffic, health: apart ? traffic + healthOffset : traffic, relayed, healthPath: relayed ? "/" : entry.health.path };
}
