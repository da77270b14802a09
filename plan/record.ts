import * as pulumi from "@pulumi/pulumi";

import { imaginedOutputs, imaginedResult } from "./imagined";

/** A resource as the program registered it. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** As they go to the engine: secrets in their envelopes. */
  readonly inputs: Record<string, unknown>;
  /** URN of the parent; empty for the stack itself. */
  readonly parent: string;
  /** URNs. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly provider: string;
}

/** The part of a registration that is read; the SDK does not publish its type. */
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

type Callback = (error: null, response: { getUrn(): string }) => void;

/** What a program registered, and what it gave out. */
export interface Recording<T> {
  readonly resources: readonly Registered[];
  readonly result: T;
}

/**
 * Runs a program in this process under Pulumi's mocks, as it runs under the engine: no engine, no plugin, no account. Outputs of
 * resources are imagined.
 *
 * @throws whatever the program throws
 */
export async function record<T>(project: string, stack: string, program: () => T): Promise<Recording<pulumi.Unwrap<T>>> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      call: ({ token, inputs }) => imaginedResult(token, inputs as Record<string, unknown>),
      newResource: ({ type, name, inputs }) => {
        const { id, outputs } = imaginedOutputs(type, name, inputs as Record<string, unknown>);
        return { id, state: { ...outputs } };
      },
    },
    project, stack, false,
  );
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("the mocks have no monitor");
  // The mocks do not tell parents and dependencies; the requests do.
  const register = monitor.registerResource.bind(monitor) as unknown as (request: RegisterRequest, callback: Callback) => unknown;
  Object.assign(monitor, {
    registerResource: (request: RegisterRequest, callback: Callback) =>
      register(request, (error, response) => {
        resources.push(registered(request, response.getUrn()));
        callback(error, response);
      }),
  });
  try {
    const given = pulumi.output(program());
    // Registrations go on after the program has returned; its outputs may need them.
    await pulumi.runtime.disconnect();
    const result = await new Promise<pulumi.Unwrap<T>>((resolve) => void given.apply((value) => resolve(value as pulumi.Unwrap<T>)));
    refuseDuplicates(resources);
    return { resources, result };
  } finally {
    await pulumi.runtime.disconnect();
  }
}

/** The engine refuses two resources of one URN; the mocks do not. A URN holds the types of the parents, and not their names. */
function refuseDuplicates(resources: readonly Registered[]): void {
  const urns = resources.map(({ urn }) => urn);
  const twice = [...new Set(urns.filter((urn, index) => urns.indexOf(urn) !== index))];
  if (twice.length > 0) throw new Error(`the program registers these more than once: ${twice.join(", ")}`);
}

function registered(request: RegisterRequest, urn: string): Registered {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    inputs: (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    parent: request.getParent(),
    dependencies: request.getDependenciesList(),
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    provider: request.getProvider(),
  };
}
