import { z } from "zod";

import { definitionOf, settingKeys, type SettingKey } from "../settings/definitions";

const reference = z.strictObject({ secretId: z.string().min(1) });

const stack = z.strictObject({
  region: z.string().min(1),
  /** When drift is looked for, as a cron expression; never where absent. */
  drift: z.string().regex(/^\S+( \S+){4}$/, "must be a cron expression of five fields").optional(),
  /** When the stack goes with all that is in it; absent: it stays. */
  until: z.iso.datetime().optional(),
  /** Settings that the environment gives: texts, and secrets by their names in Secrets Manager. */
  config: z.partialRecord(z.enum(settingKeys), z.union([z.string(), reference])).default({}),
}).superRefine(({ config }, context) => {
  for (const [key, value] of Object.entries(config)) {
    const isSecret = definitionOf(key as SettingKey).secret === true;
    if (isSecret === (typeof value === "string")) context.addIssue({ code: "custom", path: ["config", key], message: isSecret ? "is a secret: give its secretId" : "is no secret: give its text" });
  }
});

const plan = z.strictObject({ organization: z.string().min(1), stacks: z.record(z.string().regex(/^[A-Za-z0-9_-]+$/), stack) });

/** What is to be delivered: the configuration of this program. */
export type DeliveryPlan = z.infer<typeof plan>;
/** What the environment and the schedules of a stack are made from. */
export type DeliveredStack = DeliveryPlan["stacks"][string];

/**
 * Checks the configuration of this program.
 *
 * @throws Error that names every fault
 */
export function readPlan(given: unknown): DeliveryPlan {
  const found = plan.safeParse(given);
  if (found.success) return found.data;
  throw new Error(`somastack-delivery: ${found.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`);
}
