import { capabilitiesOf, fittingSize, type DeploymentTarget, type TargetChoice } from "../settings/capabilities";
import type { CloudSize, Job, Service } from "./types";

/** Disk of a task that names no other, GiB: what Fargate gives without charge. */
const usualDiskGib = 20;

/** What a service or job wants on a cloud target. */
export function cloudSize(item: Service | Job): CloudSize {
  const cloud = "health" in item ? item.cloud : undefined;
  return cloud ?? { ...item.size, diskGib: usualDiskGib, replicas: { min: 1, max: 1 } };
}

/** The size that a service or job gets on a target: the smallest offered one that holds it, the largest where none does. */
export function sizeOn(target: DeploymentTarget | TargetChoice, item: Service | Job): { readonly cpu: number; readonly memoryMib: number; readonly diskGib?: number } {
  const { sizing, sizes, front } = capabilitiesOf(target);
  if (sizing === "host") return item.size;
  const wanted = cloudSize(item);
  const offered = front !== undefined && "health" in item && isFront(item) ? front.sizes : sizes;
  const largest = offered?.at(-1);
  const size = fittingSize(wanted, offered) ?? { cpu: largest?.cpu ?? wanted.cpu, memoryMib: largest?.memoryMib.at(-1) ?? wanted.memoryMib };
  return { ...size, diskGib: wanted.diskGib };
}

/** Fewest and most instances: one where data has one place or the stack is for development, else the catalog's. */
export function replicasOf(service: Service, production: boolean): { readonly min: number; readonly max: number } {
  if (!production || (service.volumes ?? []).length > 0) return { min: 1, max: 1 };
  return cloudSize(service).replicas;
}

/**
 * Whether a service belongs to the front of a target that has one: an application with a public entry, all of whose ports users may
 * call over HTTP. What only others in the network call, by name and port, does not fit there.
 */
export function isFront(service: Service): boolean {
  const application = service.layer !== "infrastructure" && service.layer !== "observability" && service.cloud !== undefined && service.image !== "keycloak";
  return application && service.entry?.visibility === "public" && service.ports.every((port) => port.protocol === "http" && port.published !== undefined);
}
