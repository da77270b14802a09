import type { Deployment } from "../services/deployment";
import type { Layer } from "../services/types";

/** What a stack tells about itself. */
export interface StackOutputs {
  /** The tree "SomaStack" of the guide: service names by layer, sorted. */
  readonly topology: { readonly SomaStack: Deployment["topology"] };
  /** Every service: where users reach it, its layer, its hard memory limit in MiB. */
  readonly services: Readonly<Record<string, { readonly url?: string; readonly layer: Layer; readonly memoryMib: number }>>;
  /** The combined health endpoint. */
  readonly healthUrl: string;
  /** Images that are not what their reference says, one line each. */
  readonly substitutes: readonly string[];
  readonly warnings: readonly string[];
}

/** The outputs of a deployment; the same for the same input. */
export function outputsOf(deployment: Deployment, substitutes: readonly string[]): StackOutputs {
  const services = deployment.services.map((service) => {
    const port = service.ports.find((candidate) => candidate.published !== undefined);
    const address = port?.published === undefined ? {} : { url: `${port.protocol === "http" ? "http://" : ""}localhost:${port.published}${service.page ?? ""}` };
    return [service.name, { ...address, layer: service.layer, memoryMib: service.size.memoryMib }] as const;
  });
  return {
    topology: { SomaStack: deployment.topology },
    services: Object.fromEntries(services),
    healthUrl: "http://localhost:8010/health",
    substitutes,
    warnings: deployment.settings.warnings,
  };
}
