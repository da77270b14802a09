import { readSources } from "../settings/files";
import { loadSettings, type Settings } from "../settings/load";
import { planDeployment, type Deployment } from "../services/deployment";
import { returnTo, type Release } from "../settings/release";
import { checkRequirements } from "../services/requirements";
import { ConfigurationError } from "../settings/faults";
import { isGitUrl } from "../stacks/git-context";
import { imageSource } from "../stacks/images";
import { projectRoot } from "../toolchain/paths";

/** The checked input of a command: what is to be deployed. */
export interface Plan {
  readonly stack: string;
  readonly settings: Settings;
  readonly deployment: Deployment;
}

/**
 * Reads and checks the settings of a stack and plans its deployment. Touches nothing.
 *
 * @param release in place of the settings that are no secrets
 * @throws ConfigurationError with every fault at once.
 */
export function readPlan(stack: string, release?: Release): Plan {
  const sources = readSources(stack, projectRoot, process.env);
  const settings = loadSettings(stack, release === undefined ? sources : returnTo(release, sources));
  const deployment = planDeployment(settings);
  refuseMissingSources(deployment);
  const { faults } = checkRequirements(deployment);
  if (faults.length > 0) throw new ConfigurationError(faults);
  return { stack, settings, deployment };
}

/** Refuses builds whose folder or Dockerfile is missing; those from git show it only when they are fetched. */
function refuseMissingSources({ images }: Deployment): void {
  const faults = Object.entries(images).flatMap(([name, image]) => {
    if ("reference" in image || isGitUrl(image.context)) return [];
    try {
      imageSource(name, image, {});
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError) return error.faults;
      throw error;
    }
  });
  if (faults.length > 0) throw new ConfigurationError(faults);
}
