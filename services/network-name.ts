import type { Service } from "./types";

/** Name under which others reach a service inside the network: the guide's, where it has one. */
export function networkName(service: Service): string {
  return service.aliases?.[0] ?? service.name;
}
