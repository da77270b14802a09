import { chooseServices } from "../../services/catalog";
import { images } from "../../services/images";
import type { Owner, Service } from "../../services/types";

/** How services are put onto groups of instances: the setting `somastack:ec2`. */
export type Grouping = "layers" | "one";

/** Group of every service where there is but one. */
const everything = "stack";

/** Groups by the owner of a service; what the control plane stands on is not part of it. */
const layers: Readonly<Record<Owner, string>> = {
  DataTier: "platform", DatabaseMigrations: "platform", ControlPlane: "platform", Brain: "brain", Memory: "memory", Observability: "observability",
};

/** The group of each service of the catalog, before singletons are set apart. */
export function catalogGroups(grouping: Grouping): ReadonlyMap<string, string> {
  return new Map(chooseServices(() => true).map((service) => [service.name, grouping === "one" ? everything : layerOf(service)]));
}

function layerOf({ owner, image }: Service): string {
  // Applications of the control plane are ours, and roll with every release; what they stand on does not.
  return owner === "ControlPlane" && "build" in images[image] ? "control" : layers[owner];
}

/** A service, as far as its place depends on it. */
export interface Placed {
  readonly name: string;
  readonly replicas: { readonly min: number; readonly max: number };
}

/**
 * The group of each service. An instance runs every service of its group: where some of a layer must not run twice and others
 * should, the first get a group of their own, so that they do not hold the others to one instance.
 */
export function groupsOf(services: readonly Placed[], grouping: Grouping): ReadonlyMap<string, string> {
  const bases = catalogGroups(grouping);
  const baseOf = (name: string): string => bases.get(name) ?? everything;
  const replicated = new Set(services.filter(({ replicas }) => replicas.max > 1).map(({ name }) => baseOf(name)));
  return new Map(services.map(({ name, replicas }) => {
    const base = baseOf(name);
    return [name, grouping === "layers" && replicas.max === 1 && replicated.has(base) ? `${base}-single` : base];
  }));
}

/** Fewest and most instances of a group: as many as each of its services may have. */
export function instancesOf(services: readonly Placed[]): { readonly min: number; readonly max: number } {
  const max = Math.min(...services.map(({ replicas }) => replicas.max));
  return { min: Math.min(max, Math.max(...services.map(({ replicas }) => replicas.min))), max };
}
