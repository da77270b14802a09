import { serviceNames } from "../services/catalog";
import type { Plan, PlannedResource } from "../plan/plan";

/** Who a cost belongs to: a service of the catalog, or what all of them share. */
export interface Owner {
  readonly service?: string;
  /** Name of a row: the service, or the part of the stack that is shared. */
  readonly title: string;
}

/** Machines that several services run on. */
export const machines = "shared: machines";

const services = new Set(serviceNames);

/** Shared parts by the component that makes them; the nearest one counts. */
const parts: Readonly<Record<string, string>> = {
  "somastack:aws:Network": "network",
  "somastack:aws:LoadBalancer": "load balancers",
  "somastack:aws:Secret": "secrets",
  "somastack:aws:PrivateDns": "in-network names",
  "somastack:aws:Foundation": "foundation",
  "somastack:ecs:Instances": "machines",
  "somastack:ecs:Cluster": "cluster",
  "somastack:ecs:FileSystem": "files",
  "somastack:eks:Cluster": "cluster",
  "somastack:eks:Nodes": "machines",
  "somastack:eks:AwsPlatform": "cluster",
  "somastack:ec2:Group": "machines",
};

/** Components that stand for one service by its name. */
const ofService = /^somastack:[a-z-]+:(Service|Postgres|Redis|Kafka|ObjectStore|AppRunnerService|ExpressService)$/;

/** A function that tells whose a resource is. */
export function owners({ resources }: Plan): (resource: PlannedResource) => Owner {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return (resource) => {
    // Ingresses of several services share a load balancer.
    if (resource.type === "kubernetes:networking.k8s.io/v1:Ingress") return { title: "shared: load balancers" };
    for (let found: PlannedResource | undefined = resource; found !== undefined; found = byUrn.get(found.parent)) {
      if (ofService.test(found.type) && services.has(found.name)) return { service: found.name, title: found.name };
      const part = parts[found.type];
      if (part !== undefined) return { title: `shared: ${part}` };
    }
    return { title: "shared: other" };
  };
}
