import { readFileSync } from "node:fs";
import { join } from "node:path";

import type * as service from "@pulumi/pulumiservice";
import { parse } from "yaml";
import { z } from "zod";

/** `Pulumi.STACK.deploy.yaml`: Pulumi's own form, of which each key is used and no other is let through. */
const file = z.strictObject({
  settings: z.strictObject({
    sourceContext: z.strictObject({ git: z.strictObject({ branch: z.string().startsWith("refs/heads/"), repoDir: z.string().optional() }) }),
    gitHub: z.strictObject({
      repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be OWNER/REPOSITORY"),
      deployCommits: z.boolean(), previewPullRequests: z.boolean(), pullRequestTemplate: z.boolean(),
      paths: z.array(z.string()).min(1),
    }),
    operationContext: z.strictObject({
      preRunCommands: z.array(z.string()).default([]),
      environmentVariables: z.record(z.string(), z.string()).default({}),
      oidc: z.strictObject({ aws: z.strictObject({ roleArn: z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:role\//, "must be the ARN of a role"), sessionName: z.string().min(2), duration: z.string() }) }),
      options: z.strictObject({ skipInstallDependencies: z.boolean(), skipIntermediateDeployments: z.boolean(), deleteAfterDestroy: z.boolean().default(false) }),
    }),
  }),
});

/** The deployment settings of a stack. */
export type DeployFile = z.infer<typeof file>["settings"];

/**
 * Reads the deployment settings of a stack.
 *
 * @throws Error that names every fault of the file
 */
export function readDeployFile(stack: string, root: string): DeployFile {
  const name = `Pulumi.${stack}.deploy.yaml`;
  const found = file.safeParse(parse(readFileSync(join(root, name), "utf8")));
  if (found.success) return found.data.settings;
  throw new Error(`${name}: ${found.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`);
}

/** The same as the provider of Pulumi Cloud has it. */
export function settingsArgs({ sourceContext, gitHub, operationContext }: DeployFile): Pick<service.DeploymentSettingsArgs, "sourceContext" | "github" | "operationContext" | "cacheOptions"> {
  const { branch, repoDir } = sourceContext.git;
  const { preRunCommands, environmentVariables, oidc: { aws: { roleArn, ...session } }, options } = operationContext;
  return {
    sourceContext: { git: { branch, ...(repoDir === undefined ? {} : { repoDir }) } },
    github: gitHub,
    operationContext: { preRunCommands, environmentVariables, oidc: { aws: { roleARN: roleArn, ...session } }, options },
    cacheOptions: { enable: true },
  };
}
