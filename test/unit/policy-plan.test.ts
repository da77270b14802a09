import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { report } from "../../cli/policy-report";
import { evaluate } from "../../policy/evaluate";
import { projectRoot } from "../../toolchain/paths";

describe("somastack plan --policy", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "somastack-policy-"));
  after(() => rmSync(folder, { recursive: true }));

  const plan = (...args: string[]) =>
    execa("node", [join(projectRoot, "bin", "cli", "main.js"), "plan", "--stack", "dev", ...args], { cwd: folder, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false, reject: false, stdin: "ignore" });
  const levels = (content: object): string => {
    const file = join(folder, "levels.json");
    writeFileSync(file, JSON.stringify(content));
    return file;
  };

  it("passes the stack dev and says so", async () => {
    const { exitCode, stdout } = await plan("--policy");
    assert.equal(exitCode, 0);
    assert.match(stdout, /Policy: no rule is broken$/);
  });

  it("exits with 1 when a mandatory rule is broken, and names rule, resource, fault and mend", async () => {
    const { exitCode, stdout } = await plan("--policy-config", levels({ "docker-memory-budget": { mebibytes: 1024 } }));
    assert.equal(exitCode, 1);
    assert.match(stdout, /mandatory +docker-memory-budget +stack +limits sum up to \d+ MiB; the budget is 1024 MiB/);
    assert.match(stdout, /docker-memory-budget: Choose a smaller software mode/);
    assert.match(stdout, /Policy: 1 mandatory, 0 advisory$/);
  });

  it("exits with 0 when an advisory rule is broken, and has the findings in its JSON", async () => {
    const { exitCode, stdout } = await plan("--policy", "--json", "-", "--policy-config", levels({ "docker-memory-budget": { enforcementLevel: "advisory", mebibytes: 1024 } }));
    assert.equal(exitCode, 0);
    const { findings } = JSON.parse(stdout) as { findings: { policy: string; level: string }[] };
    assert.deepEqual(findings.map(({ policy, level }) => [policy, level]), [["docker-memory-budget", "advisory"]]);
  });

  it("has no findings in its JSON when nobody asks for them", async () => {
    const { stdout } = await plan("--json", "-");
    assert.equal("findings" in (JSON.parse(stdout) as object), false);
  });

  it("exits with 2 for a configuration that is none", async () => {
    const { exitCode, stderr } = await plan("--policy-config", levels({ "no-such-rule": "advisory" }));
    assert.equal(exitCode, 2);
    assert.match(stderr, /no-such-rule is no rule/);
  });
});

describe("the report of the rules", () => {
  it("names each mend once", () => {
    const open = ["a", "b"].map((name) => ({ type: "aws:ebs/volume:Volume", name, urn: name, props: {}, dependencies: [], protect: true, retainOnDelete: true }));
    const lines = report(evaluate(open));
    assert.equal(lines.filter((line) => line.startsWith("ebs-encrypted: ")).length, 1);
    assert.equal(lines.at(-1), "Policy: 2 mandatory, 0 advisory");
  });
});
