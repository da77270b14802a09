import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parseDocument } from "yaml";
import { z } from "zod";

import { comment, readReports } from "../../delivery/comment";
import { evaluate } from "../../policy/evaluate";
import { projectRoot } from "../../toolchain/paths";
import { distributionVersion } from "../../toolchain/pulumi-distribution";
import { withFolder } from "./temporary-folder";

const permissions = z.record(z.string(), z.enum(["read", "write"]));
const step = z.looseObject({ uses: z.string().optional(), run: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() });
const job = z.looseObject({
  uses: z.string().optional(), permissions, steps: z.array(step).optional(), "timeout-minutes": z.number().optional(), environment: z.unknown().optional(),
  with: z.record(z.string(), z.unknown()).optional(), secrets: z.record(z.string(), z.string()).optional(),
});
const workflow = z.looseObject({ name: z.string(), on: z.record(z.string(), z.unknown()), permissions, jobs: z.record(z.string(), job) });
type Workflow = z.infer<typeof workflow>;

const folder = join(projectRoot, ".github", "workflows");
const files = readdirSync(folder);
const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));

function read(file: string): Workflow {
  const document = parseDocument(texts.get(file) ?? "");
  assert.deepEqual(document.errors, []);
  return workflow.parse(document.toJS());
}

/** What each job may do beyond reading the sources. */
const rights: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "pull-request.yml test": { contents: "read" },
  "pull-request.yml report": { contents: "read" },
  "pull-request.yml comment": { "pull-requests": "write" },
  "stack.yml run": { contents: "read", "id-token": "write" },
  "deploy.yml dev": { contents: "read", "id-token": "write" },
  "deploy.yml prod": { contents: "read", "id-token": "write" },
  "drift.yml drift": { contents: "read", "id-token": "write" },
};

describe("workflows", () => {
  it("are those that the tests know", () => assert.deepEqual([...files].sort(), ["deploy.yml", "drift.yml", "pull-request.yml", "stack.yml"]));

  for (const file of files) {
    describe(file, () => {
      const { permissions: all, jobs, on } = read(file);
      const steps = Object.values(jobs).flatMap((found) => found.steps ?? []);

      it("gives no right to all jobs, and to each no more than it needs", () => {
        assert.deepEqual(all, {});
        for (const [name, found] of Object.entries(jobs)) assert.deepEqual(found.permissions, rights[`${file} ${name}`], name);
      });

      it("takes every action by its commit, and says its version", () => {
        for (const { uses } of steps) {
          if (uses === undefined) continue;
          assert.match(uses, /^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
          assert.match(texts.get(file) ?? "", new RegExp(`${uses} # v\\d+\\.\\d+\\.\\d+\n`), uses);
        }
      });

      it("puts nothing that others write into a script", () => {
        for (const { run = "" } of steps) assert.doesNotMatch(run, /\$\{\{/);
      });

      it("never runs foreign code with rights, leaves no token in the sources, and every job ends", () => {
        assert.ok(!("pull_request_target" in on) && !("workflow_run" in on));
        for (const { uses, with: given } of steps) if (uses?.startsWith("actions/checkout@")) assert.equal(given?.["persist-credentials"], false);
        for (const [name, found] of Object.entries(jobs)) assert.ok(found.uses !== undefined || found["timeout-minutes"] !== undefined, name);
      });

      it("calls workflows that exist, with the inputs that they have", () => {
        for (const { uses, with: given = {}, secrets = {} } of Object.values(jobs)) {
          if (uses === undefined) continue;
          assert.ok(existsSync(join(projectRoot, uses)), uses);
          const { workflow_call: call } = z.object({ workflow_call: z.object({ inputs: z.record(z.string(), z.unknown()), secrets: z.record(z.string(), z.unknown()) }) }).parse(read(uses.split("/").at(-1) ?? "").on);
          assert.deepEqual(Object.keys(given).sort(), Object.keys(call.inputs).sort());
          assert.deepEqual(Object.keys(secrets).sort(), Object.keys(call.secrets).sort());
        }
      });
    });
  }

  it("production waits for development, and for the approval of its environment", () => {
    const { jobs } = read("deploy.yml");
    assert.equal(jobs["prod"]?.["needs"], "dev");
    assert.equal(jobs["prod"]?.with?.["environment"], "prod");
    assert.equal(read("stack.yml").jobs["run"]?.environment, "${{ inputs.environment }}");
  });

  it("deploy with the policy pack, look at drift without changing anything, and use the version of the toolchain", () => {
    const text = texts.get("stack.yml") ?? "";
    assert.match(text, /pulumi up --yes --non-interactive --policy-pack policy/);
    assert.match(text, /pulumi preview --refresh --expect-no-changes/);
    assert.ok(text.includes(`pulumi@${distributionVersion}`));
  });

  it("run files that exist", () => {
    for (const text of texts.values()) {
      for (const [, file = ""] of text.matchAll(/node (bin\/\S+\.js)/g)) assert.ok(existsSync(join(projectRoot, file)), file);
    }
  });
});

describe("the comment of a pull request", () => {
  const volume = { urn: "urn:1", type: "aws:ebs/volume:Volume", name: "data", parent: "", dependencies: [], inputs: {} };
  const plan = { stack: "prod", target: "FARGATE", resources: [volume], outputs: {}, warnings: ["a limit"] };
  const findings = evaluate([{ ...volume, props: {}, protect: true, retainOnDelete: true }]);

  it("has plan, policy and cost of each stack", () => {
    const text = comment([{ plan: { ...plan, findings }, cost: "| service | a month |\n|---|---|\n| all | 1 USD |\n" }]);
    assert.match(text, /^## What this would deploy\n\n### `prod` on FARGATE: 1 resources, policy: 1 mandatory, 0 advisory\n/);
    assert.match(text, /> Warning: a limit/);
    assert.match(text, /\| mandatory \| `ebs-encrypted` \| aws:ebs\/volume:Volume data \| is not encrypted \|/);
    assert.match(text, /\| `aws:ebs:Volume` \| 1 \|/);
    assert.match(text, /<summary>Cost<\/summary>\n\n\| service \| a month \|/);
  });

  it("is short enough for GitHub, however much is wrong", () => {
    const [finding] = findings;
    assert.ok(finding !== undefined);
    const text = comment([{ plan: { ...plan, findings: Array.from({ length: 5000 }, () => finding) } }]);
    assert.ok(text.length < 65_536);
    assert.match(text, /and 4960 more/);
  });

  it("leaves out what was refused or is not known", () => {
    withFolder({ "prod.json": JSON.stringify(plan) }, (root) => {
      const reports = readReports(["dev.json", "dev.md", "prod.json", "prod.md"].map((name) => join(root, name)));
      assert.deepEqual(reports, [{ plan }]);
      assert.doesNotMatch(comment(reports), /Cost/);
    });
  });
});
