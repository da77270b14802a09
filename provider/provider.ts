import type * as provider from "@pulumi/pulumi/provider";

import { changedInputs, jobInputs, runJob } from "./docker-job";
import { hasUnknown, unwrap } from "./envelopes";

const jobType = "somastack:docker:Job";

/** The project's own provider: jobs that run to their end, which no published provider has. */
export class SomaStackProvider implements provider.Provider {
  readonly version = "0.1.0";

  check(_urn: string, _olds: unknown, news: unknown): Promise<provider.CheckResult> {
    const inputs = unwrap(news);
    // A preview may not know an image or a password yet; they are checked when they are there.
    const parsed = hasUnknown(inputs) ? { success: true as const } : jobInputs.safeParse(inputs);
    const failures = parsed.success ? [] : parsed.error.issues.map((issue) => ({ property: issue.path.join("."), reason: issue.message }));
    return Promise.resolve({ inputs: news, failures });
  }

  diff(_id: string, _urn: string, olds: unknown, news: unknown): Promise<provider.DiffResult> {
    const replaces = changedInputs(unwrap(olds) as Record<string, unknown>, unwrap(news) as Record<string, unknown>);
    return Promise.resolve({ changes: replaces.length > 0, replaces });
  }

  async create(urn: string, inputs: unknown): Promise<provider.CreateResult> {
    if (!urn.includes(jobType)) throw new Error(`this provider has no resource ${urn}; it has ${jobType}`);
    const job = jobInputs.parse(unwrap(inputs));
    const outcome = await runJob(job);
    return { id: job.containerName, outs: { ...job, ...outcome } };
  }

  /** A job that has run leaves nothing to remove. */
  delete(): Promise<void> {
    return Promise.resolve();
  }
}
