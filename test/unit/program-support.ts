import * as pulumi from "@pulumi/pulumi";

import { SomaStack } from "../../stacks/compose";
import type { StackOutputs } from "../../stacks/outputs";
import type { ImageLock } from "../../toolchain/image-lock";
import { load } from "./settings-support";

/** A resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** URN of the parent. */
  readonly parent: string;
  /** URNs. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly provider: string;
}

/** What a run of the program registered and gave out. */
export interface Run {
  readonly resources: readonly Registered[];
  readonly outputs: StackOutputs;
}

/** Runs the program under Pulumi's mocks, as it runs under the engine. */
export async function runProgram(config: Record<string, string> = {}, lock: ImageLock = {}, secretKeys: readonly string[] = []): Promise<Run> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      call: ({ inputs }) => inputs as Record<string, unknown>,
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: { ...(inputs as Record<string, unknown>), imageId: `sha256:${name}`, result: `${name}-password`, base64: "a+b/" } }),
    },
    "somastack", "dev", false,
  );
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("the mocks have no monitor");
  // The mocks do not tell parents and dependencies; the requests do.
  const register = monitor.registerResource.bind(monitor) as (request: RegisterRequest, callback: unknown) => unknown;
  Object.assign(monitor, {
    registerResource: (request: RegisterRequest, callback: unknown) => {
      resources.push({
        type: request.getType(),
        name: request.getName(),
        inputs: request.getObject()?.toJavaScript() as Record<string, unknown>,
        parent: request.getParent(),
        dependencies: request.getDependenciesList(),
        protect: request.getProtect(),
        retainOnDelete: request.getRetainondelete(),
        provider: request.getProvider(),
      });
      return register(request, callback);
    },
  });
  const { outputs } = new SomaStack("somastack", { settings: load(config, { secretKeys: new Set(secretKeys) }), lock });
  await pulumi.runtime.disconnect();
  return { resources, outputs };
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getObject(): { toJavaScript(): unknown } | undefined;
  getParent(): string;
  getDependenciesList(): string[];
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getProvider(): string;
}
