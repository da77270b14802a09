import { ensurePlugins } from "../../toolchain/plugins";
import { ensurePulumi } from "../../toolchain/pulumi";
import type { Settings } from "../../settings/load";
import { usesExistingCluster } from "../../settings/rules";
import { complain, say } from "../output";
import { backendVariables, ensureBackend } from "../pulumi/backend";
import { pluginsFor } from "../pulumi/plugins";
import type { Pulumi } from "../pulumi/run";

/**
 * Pulumi with the plugins of a cloud target. The state lies where `PULUMI_BACKEND_URL` says, else in the local file backend.
 *
 * @throws ToolchainError when Pulumi or a plugin cannot be had.
 */
export async function cloudTools(values: Settings["values"]): Promise<Pulumi> {
  const pulumi = await ensurePulumi(say);
  await ensurePlugins(pulumi, pluginsFor(values.deploymentTarget, usesExistingCluster(values.cluster)), say);
  const shared = process.env["PULUMI_BACKEND_URL"];
  if (shared === undefined) {
    ensureBackend();
    complain("Warning: the state is kept on this machine (.somastack/). Share it with your team: set PULUMI_BACKEND_URL, for example to an s3:// bucket.");
  }
  return {
    bin: pulumi.bin,
    environment: {
      PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", ...pulumi.env,
      ...backendVariables(process.env), ...(shared === undefined ? {} : { PULUMI_BACKEND_URL: shared }),
    },
  };
}
