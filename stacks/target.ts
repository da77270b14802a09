import type { Resource } from "@pulumi/pulumi";

import type { Need, Service } from "../services/types";
import { ConfigurationError, type Fault } from "../settings/faults";
import type { Settings } from "../settings/load";
import { dockerCapabilities, DockerTarget } from "../targets/docker/target";
import type { Capabilities, Target } from "../targets/target";
import type { Profile } from "./profile";

/** What a target must be able to do for a need of the catalog. */
const answers: Readonly<Record<Need, keyof Capabilities>> = { websocket: "websocket", grpc: "grpc", "persistent-disk": "persistentDisk" };

/** Needs of services that a target cannot meet. */
export function unmetNeeds(services: readonly Service[], capabilities: Capabilities, deploymentTarget: string): Fault[] {
  return services.flatMap((service) =>
    service.needs
      .filter((need) => !capabilities[answers[need]])
      .map((need) => ({
        key: "somastack:deploymentTarget", value: deploymentTarget, rule: `cannot give ${service.name} what it needs: ${need}`,
        mend: "Choose another target, or name an external service in its place",
      })),
  );
}

/**
 * The target that the settings choose.
 *
 * @throws ConfigurationError when this version does not deploy to it, or it cannot run a service of the deployment.
 */
export function createTarget(settings: Settings, services: readonly Service[], parent: Resource, profile: Profile): Target {
  const { deploymentTarget } = settings.values;
  if (deploymentTarget !== "LOCAL") {
    throw new ConfigurationError([
      { key: "somastack:deploymentTarget", value: deploymentTarget, rule: "this version deploys to LOCAL alone", mend: "Set LOCAL" },
    ]);
  }
  const faults = unmetNeeds(services, dockerCapabilities, deploymentTarget);
  if (faults.length > 0) throw new ConfigurationError(faults);
  return new DockerTarget(settings.stack, parent, profile.retainData);
}
