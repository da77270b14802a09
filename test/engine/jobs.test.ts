import assert from "node:assert/strict";
import { join } from "node:path";

import { connect } from "../../cli/docker/client";
import { ensureEngine } from "../../toolchain/engine";
import { ensureImages } from "../../toolchain/images";
import { projectRoot } from "../../toolchain/paths";
import { EngineStack } from "./support";

const python = "python:3.12-slim";
const password = "S3cretThatMustNotShow";

describe("jobs on a real engine", function () {
  this.timeout(15 * 60_000);
  let stack: EngineStack;
  let image = "";

  before(async () => {
    await ensureEngine(() => undefined);
    const lock = await ensureImages([{ reference: python }], {}, () => undefined);
    image = lock[python]?.image ?? python;
    stack = await EngineStack.create(join(projectRoot, "test", "engine", "fixtures", "jobs"));
  });

  after(async () => {
    await stack.run("destroy", "--yes", "--skip-preview");
    stack.dispose();
  });

  const up = (script: string, more: Record<string, string> = {}): ReturnType<EngineStack["run"]> => {
    stack.configure({ "jobs:image": image, "jobs:password": password, "jobs:script": script, ...more });
    return stack.run("up", "--yes", "--skip-preview");
  };
  const leftovers = async (): Promise<string[]> => {
    const all = await connect(process.env["DOCKER_HOST"] ?? "/var/run/docker.sock").listContainers({ all: true });
    return all.flatMap(({ Names }) => Names).filter((name) => name.startsWith("/somastack-engine-"));
  };

  it("a failing job fails the update with exit code and last log lines, stops what waits for it and leaves nothing", async () => {
    const { code, output } = await up("import sys; [print(f'line {i}') for i in range(40)]; print('no such table', file=sys.stderr); sys.exit(3)");
    assert.notEqual(code, 0);
    assert.match(output, /somastack-engine-first failed with exit code 3/);
    assert.match(output, /\| no such table/);
    assert.match(output, /\| line 39/);
    assert.doesNotMatch(output, /\| line 5\b/);
    assert.doesNotMatch(await stack.state(), /docker:Job/);
    assert.deepEqual(await leftovers(), []);
  });

  it("a job that does not end is stopped at its limit", async () => {
    const { code, output } = await up("import time; print('working', flush=True); time.sleep(600)", { "jobs:timeout": "3" });
    assert.notEqual(code, 0);
    assert.match(output, /did not end within 3 s/);
    assert.match(output, /\| working/);
    assert.deepEqual(await leftovers(), []);
  });

  it("the next update runs it again and then what waits for it", async () => {
    const { code, output } = await up("print('done')");
    assert.equal(code, 0, output);
    assert.match(output, /\+ 3 created|2 created|3 created/);
    assert.deepEqual(await leftovers(), []);
  });

  it("a job that has succeeded is not repeated", async () => {
    const { output } = await up("print('done')");
    assert.doesNotMatch(output, /created|replaced/);
    assert.match(output, /unchanged/);
  });

  it("another command runs again", async () => {
    assert.match((await up("print('done again')")).output, /1 replaced|1 created/);
  });

  it("keeps secrets out of state and output", async () => {
    const state = await stack.state();
    assert.match(state, /docker:Job/);
    assert.doesNotMatch(state, new RegExp(password));
  });
});
