import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../toolchain/paths";
import { runMocha, type Tally } from "./mocha";
import { runPythonTests } from "./python";

/** Runs a tool with our terminal; its success or failure counts as one test. */
async function check(title: string, command: string, args: string[]): Promise<Tally> {
  process.stdout.write(`\n== ${title}\n`);
  const { failed } = await execa(command, args, { cwd: projectRoot, preferLocal: true, reject: false, stdin: "ignore", stdout: "inherit", stderr: "inherit" });
  return failed ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 };
}

/** The parts of `npm test`, the quick ones first. Each runs whatever the others say. */
const parts: (() => Promise<Tally>)[] = [
  () => check("lint", "eslint", ["."]),
  () => check("build", "tsc", ["--build"]),
  () => runMocha("unit tests", ["bin/test/unit/**/*.test.js"]),
  () => runPythonTests(),
  () => runMocha("emulator tests: jobs and rollouts on a local AWS emulator", ["bin/test/emulator/**/*.test.js"]),
  () => runMocha("engine tests: the real Pulumi command", ["bin/test/engine/**/*.test.js"]),
  () => runMocha("Kubernetes tests: a real control plane, its manifests", ["bin/test/kubernetes/**/*.test.js"]),
];

async function main(): Promise<void> {
  const total = { passed: 0, failed: 0 };
  for (const part of parts) {
    const { passed, failed } = await part();
    total.passed += passed;
    total.failed += failed;
  }
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

if (!existsSync(join(projectRoot, "node_modules"))) throw new Error("run `npm test`: it installs the dependencies");
void main();
