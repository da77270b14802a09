import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { execa } from "execa";
import { stringify } from "yaml";

import { projectRoot } from "../../toolchain/paths";
import { ensureVenv } from "../python";
import { existingCluster, run } from "../unit/eks-support";

/** Versions that the settings accept and the tool has schemas of. */
const versions = ["1.28", "1.29", "1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];

/** Checks of checkov that do not hold, and why. */
const skipped: Readonly<Record<string, string>> = {
  CKV_K8S_43: "the user's references are tags or digests as the user names them; on AWS every image runs by its digest",
  CKV_K8S_15: "IfNotPresent: a tag that moves is refused in PROD, and pulling again costs every restart a registry",
  CKV_K8S_35: "the applications read their secrets from the environment alone",
  CKV_K8S_40: "the upstream images have fixed users below 10000, and their files belong to those",
  CKV_K8S_22: "images that write beside their folders say so in the catalog; the others have a read-only root",
  CKV_K8S_8: "a worker without a port has no question that tells life from its dependencies",
};

/** How Pulumi's requests mark a secret. */
const secretMark = "4dabf18193072939515e22adb298388d";

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (secretMark in value && "value" in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

describe("manifests of SomaStack on Kubernetes", function () {
  this.timeout("5 minutes");
  const folder = mkdtempSync(join(tmpdir(), "somastack-manifests-"));
  const file = join(folder, "manifests.yaml");
  let python: string;

  const tool = async (name: string, ...args: string[]): Promise<{ readonly code: number; readonly output: string }> => {
    const { exitCode, all } = await execa(join(dirname(python), name), args, { reject: false, all: true, stdin: "ignore" });
    return { code: exitCode ?? -1, output: all };
  };

  before(async () => {
    const { resources } = await run(existingCluster(undefined, { softwareMode: "SomaStackClusterMode", deploymentMode: "PROD", allowedHosts: "agent.example.com", openaiApiKey: "sk-abc" }), {}, ["openaiApiKey"]);
    const objects = resources.filter(({ type, inputs }) => type.startsWith("kubernetes:") && inputs["apiVersion"] !== undefined).map(({ inputs }) => plain(inputs));
    assert.ok(objects.length > 150, String(objects.length));
    writeFileSync(file, objects.map((object) => stringify(object)).join("---\n"));
    python = await ensureVenv(join(projectRoot, "test", "kubernetes", "requirements.txt"));
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const version of versions) {
    it(`are valid for Kubernetes ${version}`, async () => {
      const { code, output } = await tool("kubernetes-validate", "--strict", "--quiet", "-k", version, file);
      assert.equal(code, 0, output);
    });
  }

  it("pass the security checks, but those with a reason", async () => {
    const { code, output } = await tool("checkov", "--file", file, "--framework", "kubernetes", "--compact", "--quiet", "--skip-download", "--skip-check", Object.keys(skipped).join(","));
    assert.equal(code, 0, output);
  });
});
