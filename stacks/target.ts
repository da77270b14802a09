import type { Resource } from "@pulumi/pulumi";

import { ConfigurationError } from "../settings/faults";
import type { Settings } from "../settings/load";
import { DockerTarget } from "../targets/docker/target";
import type { Target } from "../targets/target";
import type { Profile } from "./profile";

/**
 * The target that the settings choose.
 *
 * @throws ConfigurationError when this version does not deploy to it.
 */
export function createTarget(settings: Settings, parent: Resource, profile: Profile): Target {
  const { deploymentTarget } = settings.values;
  if (deploymentTarget !== "LOCAL") {
    throw new ConfigurationError([
      { key: "somastack:deploymentTarget", value: deploymentTarget, rule: "this version deploys to LOCAL alone", mend: "Set LOCAL" },
    ]);
  }
  return new DockerTarget(settings.stack, parent, profile.retainData);
}
