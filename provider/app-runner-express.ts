import { z } from "zod";

import { ecsClient } from "./aws-clients";
import { deadline, poll, usualPatience } from "./ecs-poll";
import { waitForRollout, type RolloutTools } from "./ecs-rollout";
import { differing, handler } from "./handler";

/** What is waited for; the same shape as the inputs of the resource. */
export const expressRolloutInputs = z.object({
  region: z.string(),
  /** ARN or name. */
  cluster: z.string(),
  /** Name of the service. */
  service: z.string(),
  /** Names the service in errors. */
  serviceName: z.string(),
  /** The image that must be running. */
  image: z.string(),
  /** Changes when the service's settings do. */
  settings: z.string(),
  /** Longest wait for one deployment, in seconds. */
  timeoutSeconds: z.number(),
});

/** Inputs of a rollout. */
export type ExpressRolloutInputs = z.infer<typeof expressRolloutInputs>;

/** Longest time until ECS knows a deployment that it has accepted, in seconds. */
const knownSeconds = 120;

/** The end of an Express service's deployment; it fails when another task definition than that of the wanted image is running then. */
export const expressRollout = handler({
  schema: expressRolloutInputs,
  replaces: (before, after) => differing(["cluster", "service"], before, after),
  create: async (inputs) => ({ id: `${inputs.cluster.split("/").at(-1)}/${inputs.service}`, outs: await rolledOut(inputs) }),
  update: { changes: (before, after) => differing(["image", "settings"], before, after).length > 0, run: (inputs) => rolledOut(inputs) },
});

async function rolledOut(inputs: ExpressRolloutInputs): Promise<Record<string, unknown>> {
  await waitForExpress(inputs, { services: await ecsClient(inputs.region), patience: usualPatience });
  return { ...inputs };
}

/**
 * Waits for the task definition that ECS wrote for the wanted image, as for any other service.
 *
 * @throws Error when ECS deployed another image, or did not get or keep the wanted one running
 */
export async function waitForExpress(inputs: ExpressRolloutInputs, tools: RolloutTools, seconds: number = knownSeconds): Promise<void> {
  let deployed: readonly string[] = [];
  const taskDefinition = await poll(async () => {
    const target = await newestTarget(inputs, tools);
    deployed = target.images;
    return target.images.includes(inputs.image) ? target.taskDefinition : undefined;
  }, deadline(seconds), tools.patience);
  if (taskDefinition === undefined) {
    throw new Error(`service ${inputs.serviceName}: ECS knows no deployment of ${inputs.image}, its newest one is of ${deployed.length === 0 ? "nothing" : deployed.join(", ")}; the next update asks for it again`);
  }
  const { region, cluster, service, settings, timeoutSeconds } = inputs;
  await waitForRollout({ region, cluster, service, settings, timeoutSeconds, taskDefinition }, tools);
}

/** What the newest deployment of a service is about. */
async function newestTarget({ cluster, service }: ExpressRolloutInputs, { services }: RolloutTools): Promise<{ readonly images: readonly string[]; readonly taskDefinition?: string }> {
  const history = (await services.listServiceDeployments({ cluster, service })).serviceDeployments ?? [];
  const newest = [...history].sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))[0];
  if (newest?.targetServiceRevisionArn === undefined) return { images: [] };
  const revision = (await services.describeServiceRevisions({ serviceRevisionArns: [newest.targetServiceRevisionArn] })).serviceRevisions?.[0];
  const images = (revision?.containerImages ?? []).flatMap(({ image }) => image ?? []);
  return revision?.taskDefinition === undefined ? { images } : { images, taskDefinition: revision.taskDefinition };
}
