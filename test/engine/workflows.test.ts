import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { buildGo } from "../../toolchain/go-build";
import { projectRoot } from "../../toolchain/paths";

const workflows = join(projectRoot, ".github", "workflows");

describe("the GitHub workflows", function () {
  this.timeout(10 * 60_000);
  let actionlint: string;
  const check = (...files: string[]) => execa(actionlint, ["-no-color", ...files], { reject: false, all: true, stdin: "ignore" });

  before(async () => {
    const module = "github.com/rhysd/actionlint";
    actionlint = await buildGo({ name: "actionlint", module: "actionlint", package: `${module}/cmd/actionlint`, version: "v1.7.7", versionVariable: `${module}.version` }, () => undefined);
  });

  it("pass actionlint", async () => {
    const files = readdirSync(workflows).map((name) => join(workflows, name));
    assert.ok(files.length >= 4);
    const { exitCode, all } = await check(...files);
    assert.equal(exitCode, 0, all);
  });

  it("would not with a fault: actionlint finds one that is planted", async () => {
    const folder = mkdtempSync(join(tmpdir(), "somastack-workflow-"));
    const file = join(folder, "faulty.yml");
    writeFileSync(file, "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.nothing.title }}\n      - uses: actions/checkout@v4\n        run: false\n");
    const { exitCode, all } = await check(file);
    rmSync(folder, { recursive: true });
    assert.equal(exitCode, 1, all);
  });
});
