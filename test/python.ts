import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ensureProgram } from "../toolchain/packages";
import { cacheDir, projectRoot } from "../toolchain/paths";
import type { Tally } from "./mocha";

const requirements = join(projectRoot, "images", "requirements-dev.txt");

/** Runs the tests of the sample applications with pytest, in a virtual environment kept in the cache. */
export async function runPythonTests(): Promise<Tally> {
  process.stdout.write("\n== python tests of images/\n");
  try {
    await ensureProgram("redis-server", "redis-server", "by the tests of images/", (line) => process.stdout.write(`${line}\n`));
    const python = await ensureVenv();
    const { all, exitCode } = await execa(python, ["-m", "pytest", "-q", "--no-header", "images"], { cwd: projectRoot, reject: false, stdin: "ignore", all: true });
    process.stdout.write(`${all}\n`);
    return countPytest(all, exitCode ?? 1);
  } catch (error) {
    process.stderr.write(`The python tests did not run: ${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1 };
  }
}

/** Counts of pytest's last line, such as `1 failed, 12 passed in 3.1s`; no test at all is a failure. */
export function countPytest(output: string, exitCode: number): Tally {
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(last)?.[1] ?? 0);
  const passed = count("passed");
  const failed = count("failed") + count("errors?");
  return { passed, failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed };
}

/** The interpreter of the virtual environment, made anew when the requirements change. */
async function ensureVenv(): Promise<string> {
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const venv = join(cacheDir, "venv", digest);
  const python = join(venv, "bin", "python");
  const done = join(venv, ".installed");
  if (existsSync(done)) return python;
  process.stdout.write(`Installing ${requirements.slice(projectRoot.length + 1)} ...\n`);
  mkdirSync(venv, { recursive: true });
  await execa("python3", ["-m", "venv", venv], { stdin: "ignore" });
  await execa(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements], { cwd: projectRoot, stdin: "ignore", stdout: "inherit", stderr: "inherit" });
  writeFileSync(done, "");
  return python;
}
