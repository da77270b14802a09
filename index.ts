import "./stacks/plain-stack-traces";

import * as pulumi from "@pulumi/pulumi";

import { ConfigurationError } from "./settings/faults";
import { loadSettings } from "./settings/load";
import { programSources } from "./settings/program";
import { returnTo } from "./settings/release";
import { SomaStack } from "./stacks/compose";
import type { StackOutputs } from "./stacks/outputs";
import { rollbackRelease } from "./stacks/rollback";
import { readImageLock } from "./toolchain/image-lock";
import { projectRoot } from "./toolchain/paths";

/** The entry of `pulumi up`: settings, then the stack, then its outputs. */
function main(): StackOutputs {
  try {
    const sources = programSources(pulumi.runtime.allConfig(), process.env, projectRoot);
    const release = rollbackRelease(process.env);
    const settings = loadSettings(pulumi.getStack(), release === undefined ? sources : returnTo(release, sources));
    for (const warning of settings.warnings) void pulumi.log.warn(warning);
    return new SomaStack("somastack", { settings, lock: readImageLock(), goesBack: release !== undefined }).outputs;
  } catch (error) {
    // A user's mistake is shown without a stack trace.
    throw error instanceof ConfigurationError ? new pulumi.RunError(error.message) : error;
  }
}

export = main();
