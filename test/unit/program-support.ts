import { record, type Registered } from "../../plan/record";
import { SomaStack } from "../../stacks/compose";
import type { StackOutputs } from "../../stacks/outputs";
import type { ImageLock } from "../../toolchain/image-lock";
import { load } from "./settings-support";

export type { Registered } from "../../plan/record";

/** What a run of the program registered and gave out. */
export interface Run {
  readonly resources: readonly Registered[];
  readonly outputs: StackOutputs;
}

/** Runs the program under Pulumi's mocks, as it runs under the engine. */
export async function runProgram(config: Record<string, string> = {}, lock: ImageLock = {}, secretKeys: readonly string[] = []): Promise<Run> {
  const settings = load(config, { secretKeys: new Set(secretKeys) });
  const { resources, result } = await record("somastack", "dev", () => new SomaStack("somastack", { settings, lock }).outputs);
  return { resources, outputs: result };
}
