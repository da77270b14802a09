import * as pulumi from "@pulumi/pulumi";

import type { Deployment } from "../services/deployment";
import { sizeOn } from "../services/sizing";
import type { Layer, Service } from "../services/types";
import type { Release } from "../settings/release";
import type { ReleaseRecord } from "./release";

/** What a stack tells about itself. */
export interface StackOutputs {
  /** The tree "SomaStack" of the guide: service names by layer, sorted. */
  readonly topology: { readonly SomaStack: Deployment["topology"] };
  /** Every service: where users reach it, whether from the internet, its layer, its hard memory limit in MiB. */
  readonly services: Readonly<Record<string, { readonly url?: pulumi.Input<string>; readonly public?: true; readonly layer: Layer; readonly memoryMib: number; readonly managed?: true }>>;
  /** The combined health endpoint. */
  readonly healthUrl: pulumi.Input<string>;
  /** Images that are not what their reference says, one line each. */
  readonly substitutes: readonly string[];
  readonly warnings: readonly string[];
  /** What is deployed, and what was before: the way back. */
  readonly release: { readonly current: pulumi.Input<Release>; readonly previous: pulumi.Input<Release | undefined> };
  /** Facts of the target, such as the name of a cluster. */
  readonly target: Readonly<Record<string, pulumi.Input<unknown>>>;
}

/** What the outputs tell beside the deployment itself. */
export interface Told extends Pick<StackOutputs, "substitutes" | "warnings" | "target"> {
  /** Where users reach a service, as the target says. */
  readonly urls: ReadonlyMap<string, pulumi.Input<string>>;
  readonly release: ReleaseRecord;
}

/** The outputs of a deployment; the same for the same input. */
export function outputsOf(deployment: Deployment, { substitutes, warnings, urls, target, release }: Told): StackOutputs {
  const { values } = deployment.settings;
  const services = deployment.services.map((service) => {
    const url = urls.get(service.name) ?? (values.deploymentTarget === "LOCAL" ? localUrl(service) : undefined);
    const managed = deployment.managed.has(service.name);
    return [service.name, {
      ...(url === undefined ? {} : { url }),
      ...(urls.has(service.name) && service.entry?.visibility === "public" ? { public: true as const } : {}),
      layer: service.layer,
      memoryMib: managed ? 0 : sizeOn(values, service).memoryMib,
      ...(managed ? { managed: true as const } : {}),
    }] as const;
  });
  const health = urls.get("health");
  return {
    topology: { SomaStack: deployment.topology },
    services: Object.fromEntries(services),
    healthUrl: health === undefined ? "http://localhost:8010/health" : pulumi.interpolate`${health}/health`,
    substitutes,
    warnings,
    release: { current: pulumi.output({ settings: release.settings, images: release.images }), previous: release.previous },
    target,
  };
}

function localUrl(service: Service): string | undefined {
  const port = service.ports.find((candidate) => candidate.published !== undefined);
  return port?.published === undefined ? undefined : `${port.protocol === "http" ? "http://" : ""}localhost:${port.published}${service.page ?? ""}`;
}
