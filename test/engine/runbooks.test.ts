import assert from "node:assert/strict";

import { markOf, pages } from "../unit/runbooks-pages";
import { Sandbox } from "./sandbox";

/** Longest time of one step: compiling what a page changes takes a minute on a busy machine. */
const stepMs = 300_000;

describe("runbooks, as they are written", function () {
  this.timeout(stepMs);

  for (const { name, blocks } of pages()) {
    const steps = blocks.filter((block) => markOf(block) === "test" || block.info === "diff" || block.info.startsWith("ts "));
    if (steps.length === 0) continue;
    describe(name, () => {
      const sandbox = new Sandbox();
      let changed = false;

      before(() => sandbox.create());
      after(() => sandbox.remove());

      for (const { line, info, text } of steps) {
        it(`line ${line}: ${info}`, async () => {
          if (info === "diff") await sandbox.patch(text);
          else if (info.startsWith("ts ")) sandbox.write(info.slice("ts ".length), text);
          else {
            if (changed) await sandbox.compile();
            const { exitCode, all } = await sandbox.run(text);
            assert.equal(exitCode, 0, all);
          }
          changed = info !== "sh";
        });
      }
    });
  }
});
