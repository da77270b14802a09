import type * as provider from "@pulumi/pulumi/provider";

import { expressRollout } from "./app-runner-express";
import { appRunnerRollout } from "./app-runner-rollout";
import { changedInputs, jobInputs, runJob } from "./docker-job";
import { ecsJob } from "./ecs-job";
import { ecsRollout } from "./ecs-rollout";
import { hasUnknown, unwrap } from "./envelopes";
import { handler, type Handler, type Inputs } from "./handler";
import { release } from "./release";
import { refreshGroup } from "./refresh-group";
import { ssmJob } from "./ssm-job";

const dockerJob = handler({
  schema: jobInputs,
  replaces: changedInputs,
  create: async (job) => ({ id: job.containerName, outs: { ...job, ...(await runJob(job)) } }),
});

/** Every resource type that the provider has. */
const handlers: Readonly<Record<string, Handler>> = {
  "somastack:docker:Job": dockerJob,
  "somastack:ecs:Job": ecsJob,
  "somastack:ecs:Rollout": ecsRollout,
  "somastack:apprunner:Rollout": appRunnerRollout,
  "somastack:apprunner:ExpressRollout": expressRollout,
  "somastack:stack:Release": release,
  "somastack:ec2:Job": ssmJob,
  "somastack:ec2:Refresh": refreshGroup,
};

/** The handler of a resource by its URN, `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function handlerOf(urn: string): Handler {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const found = handlers[type];
  if (found === undefined) throw new Error(`this provider has no resource ${urn}; it has ${Object.keys(handlers).join(", ")}`);
  return found;
}

/** The project's own provider: what runs to its end and is waited for, which no published provider has. */
export class SomaStackProvider implements provider.Provider {
  readonly version = "0.1.0";

  check(urn: string, _olds: unknown, news: unknown): Promise<provider.CheckResult> {
    const inputs = unwrap(news);
    // A preview may not know an image or a password yet; they are checked when they are there.
    const parsed = hasUnknown(inputs) ? { success: true as const } : handlerOf(urn).schema.safeParse(inputs);
    const failures = parsed.success ? [] : parsed.error.issues.map((issue) => ({ property: issue.path.join("."), reason: issue.message }));
    return Promise.resolve({ inputs: news, failures });
  }

  diff(_id: string, urn: string, olds: unknown, news: unknown): Promise<provider.DiffResult> {
    const [before, after] = [unwrap(olds) as Inputs, unwrap(news) as Inputs];
    const found = handlerOf(urn);
    const replaces = found.replaces(before, after);
    return Promise.resolve({ changes: replaces.length > 0 || found.changes(before, after), replaces });
  }

  async create(urn: string, inputs: unknown): Promise<provider.CreateResult> {
    return handlerOf(urn).create(unwrap(inputs));
  }

  async update(_id: string, urn: string, olds: unknown, news: unknown): Promise<provider.UpdateResult> {
    return { outs: await handlerOf(urn).update(unwrap(news), unwrap(olds) as Inputs) };
  }

  /** What has run or rolled out, and a record, leave nothing to remove. */
  delete(): Promise<void> {
    return Promise.resolve();
  }
}
