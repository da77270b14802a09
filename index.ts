import "./stacks/plain-stack-traces";

import * as pulumi from "@pulumi/pulumi";

import { ConfigurationError } from "./settings/faults";
import { loadSettings } from "./settings/load";
import { programSources } from "./settings/program";
import { SomaStack } from "./stacks/compose";
import type { StackOutputs } from "./stacks/outputs";
import { readImageLock } from "./toolchain/image-lock";
import { projectRoot } from "./toolchain/paths";

/** The entry of `pulumi up`: settings, then the stack, then its outputs. */
function main(): StackOutputs {
  try {
    const settings = loadSettings(pulumi.getStack(), programSources(pulumi.runtime.allConfig(), process.env, projectRoot));
    for (const warning of settings.warnings) void pulumi.log.warn(warning);
    return new SomaStack("somastack", { settings, lock: readImageLock() }).outputs;
  } catch (error) {
    // A user's mistake is shown without a stack trace.
    throw error instanceof ConfigurationError ? new pulumi.RunError(error.message) : error;
  }
}

export = main();
