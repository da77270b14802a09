import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { execa } from "execa";

import { projectRoot } from "../../toolchain/paths";
import { ensureVenv } from "../python";
import { ClusterStack } from "./stack";

/** Versions that the settings accept and the tool has schemas of. */
const versions = ["1.28", "1.29", "1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];

describe("manifests of SomaStack on Kubernetes", function () {
  this.timeout("5 minutes");
  let stack: ClusterStack;
  let folder: string;
  let files: string[];
  let python: string;

  const tool = async (name: string, ...args: string[]): Promise<{ readonly code: number; readonly output: string }> => {
    const { exitCode, all } = await execa(join(dirname(python), name), args, { reject: false, all: true, stdin: "ignore" });
    return { code: exitCode ?? -1, output: all };
  };

  before(async () => {
    stack = await ClusterStack.create((line) => process.stdout.write(`    ${line}\n`));
    folder = join(stack.folder, "manifests");
    stack.configure({
      deploymentTarget: "EKS", deploymentMode: "PROD", softwareMode: "SomaStackClusterMode", domain: "agent.example.com", allowedHosts: "agent.example.com",
      images: Object.fromEntries(["agent", "brain", "memory", "ops"].map((name) => [name, `registry.example.com/${name}:1.0.0`])),
      cluster: { manifests: folder, without: ["metrics-server", "cert-manager", "vertical-pod-autoscaler", "kube-state-metrics"] },
    }, { OPENAI_API_KEY: "sk-abc" });
    const { code, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.equal(code, 0, output);
    files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml")).map((file) => join(folder, file));
    assert.ok(files.length > 150, String(files.length));
    python = await ensureVenv(join(projectRoot, "test", "kubernetes", "requirements.txt"));
  });

  after(() => stack.dispose());

  for (const version of versions) {
    it(`are valid for Kubernetes ${version}`, async () => {
      const { code, output } = await tool("kubernetes-validate", "--strict", "--quiet", "-k", version, ...files);
      assert.equal(code, 0, output);
    });
  }

  it("pass the security checks, but those whose object says why not", async () => {
    const { code, output } = await tool("checkov", "--directory", folder, "--framework", "kubernetes", "--compact", "--skip-download", "--output", "json");
    assert.equal(code, 0, output);
    const { summary } = JSON.parse(output) as { summary: { passed: number; failed: number; skipped: number } };
    assert.ok(summary.failed === 0 && summary.passed > 2000 && summary.skipped > 0, JSON.stringify(summary));
  });
});
