import { networkDomain } from "../settings/capabilities";
import type { Settings } from "../settings/load";
import type { Service } from "./types";

/** Name under which others reach a service inside the network: the guide's, where it has one. */
export function networkName(service: Service): string {
  return service.aliases?.[0] ?? service.name;
}

/** The name with the domain of the target's private DNS, where it has one. */
export function networkAddress(service: Service, settings: Settings): string {
  const domain = networkDomain(settings.values.deploymentTarget, settings.stack);
  return domain === undefined ? networkName(service) : `${networkName(service)}.${domain}`;
}
