import assert from "node:assert/strict";

import { EngineStack } from "./support";

interface PreviewStep {
  readonly op: string;
  readonly newState?: { readonly type: string; readonly urn: string; readonly parent?: string };
}

describe("the program under the real Pulumi command", function () {
  this.timeout(15 * 60_000);
  let stack: EngineStack;

  before(async () => {
    stack = await EngineStack.create();
  });

  after(() => {
    stack.dispose();
  });

  const preview = async (): Promise<PreviewStep[]> => {
    const { code, stdout, output } = await stack.run("preview", "--json");
    assert.equal(code, 0, output);
    return (JSON.parse(stdout) as { steps: PreviewStep[] }).steps;
  };

  it("previews StandAlone: every service a container below its component", async () => {
    stack.configure({});
    const containers = (await preview()).filter(({ newState }) => newState?.type === "docker:index/container:Container").map(({ newState }) => newState?.urn.split("::").at(-1));
    assert.deepEqual(containers.sort(), ["admin", "gateway", "health", "keycloak", "opa", "postgres", "prometheus", "redis", "spicedb"]);
  });

  it("previews SomaStackClusterMode: everything, only creations, all below SomaStack", async () => {
    stack.configure({ "somastack:softwareMode": "SomaStackClusterMode" });
    const steps = await preview();
    assert.ok(steps.length > 80, `${steps.length} steps`);
    assert.ok(steps.every(({ op }) => op === "create"));
    for (const { newState } of steps) {
      if (newState !== undefined && newState.type.startsWith("docker:")) assert.match(newState.parent ?? "", /somastack:index:/, newState.urn);
    }
  });

  it("lists every fault of a bad configuration at once, without a stack trace and before any resource", async () => {
    stack.configure({ "somastack:deploymentMode": "TEST", "somastack:dbPort": "70000", "somastack:softwareMod": "StandAlone" });
    const { code, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(code, 0);
    assert.match(output, /3 faults in the configuration/);
    assert.match(output, /somastack:deploymentMode = "TEST": must be one of PROD, DEV/);
    assert.match(output, /somastack:dbPort = "70000": must be a whole number from 1 to 65535/);
    assert.match(output, /somastack:softwareMod: is not a setting.*Did you mean somastack:softwareMode\?/);
    assert.doesNotMatch(output, /\n\s+at /);
    assert.doesNotMatch(await stack.state(), /docker:index/);
  });
});
