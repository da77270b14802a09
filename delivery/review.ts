import { execa } from "execa";
import { z } from "zod";

/** What Pulumi Deployments and `Pulumi.pr.deploy.yaml` say of the review stack that is about to be deployed. */
const environmentSchema = z.object({
  PULUMI_CI_ORGANIZATION: z.string().min(1),
  PULUMI_CI_PROJECT: z.string().min(1),
  PULUMI_CI_STACK: z.string().min(1),
  PULUMI_CI_OPERATION: z.string().min(1),
  PULUMI_ACCESS_TOKEN: z.string().min(1),
  PULUMI_API: z.url().default("https://api.pulumi.com"),
  REVIEW_DOMAIN: z.string().min(1),
  REVIEW_HOURS: z.coerce.number().int().min(1),
});

const schedules = z.object({ schedules: z.array(z.object({ scheduleOnce: z.string().optional() })).nullable() });

/** The host name of a review stack: a DNS label of its name below the domain of all. */
export function reviewDomain(stack: string, domain: string): string {
  const label = stack.toLowerCase().replace(/[^a-z0-9-]+/g, "-").slice(-40).replace(/^-+|-+$/g, "");
  return `${label}.${domain}`;
}

/**
 * Prepares a review stack before it is deployed: it gets a domain of its own, and an end, so that a forgotten pull request costs
 * nothing for ever. The end counts from the first deployment.
 *
 * @throws Error when a variable is missing or Pulumi Cloud refuses
 */
export async function prepareReview(variables: NodeJS.ProcessEnv, now: Date): Promise<void> {
  const { PULUMI_CI_ORGANIZATION: organization, PULUMI_CI_PROJECT: project, PULUMI_CI_STACK: stack, PULUMI_CI_OPERATION: operation, PULUMI_ACCESS_TOKEN: token, PULUMI_API: api, REVIEW_DOMAIN: domain, REVIEW_HOURS: hours } = environmentSchema.parse(variables);
  await execa("pulumi", ["config", "set", "somastack:domain", reviewDomain(stack, domain), "--stack", `${organization}/${project}/${stack}`], { env: variables, stdout: "inherit", stderr: "inherit" });
  if (operation !== "update") return;
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${api}/api/stacks/${organization}/${project}/${stack}/deployments/${path}`, {
      headers: { Accept: "application/vnd.pulumi+8", Authorization: `token ${token}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`Pulumi Cloud answered ${response.status} to ${path} of ${stack}`);
    return response.json();
  };
  const { schedules: known } = schedules.parse(await ask("schedules"));
  if ((known ?? []).some(({ scheduleOnce }) => scheduleOnce !== undefined && scheduleOnce !== "")) return;
  await ask("ttl/schedules", { timestamp: new Date(now.getTime() + hours * 3_600_000).toISOString(), deleteAfterDestroy: true });
}

if (require.main === module) void prepareReview(process.env, new Date());
