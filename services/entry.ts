import type { Settings } from "../settings/load";
import type { Service } from "./types";

/** Host name under which people reach a service on a cloud target; undefined when it has no entry or the stack no domain. */
export function hostnameOf(service: Service, settings: Settings): string | undefined {
  const { domain, deploymentTarget } = settings.values;
  if (service.entry === undefined || domain === undefined || deploymentTarget === "LOCAL") return undefined;
  return service.entry.subdomain === "" ? domain : `${service.entry.subdomain}.${domain}`;
}
