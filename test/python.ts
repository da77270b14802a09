import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ensureProgram } from "../toolchain/packages";
import { cacheDir, projectRoot } from "../toolchain/paths";
import type { Tally } from "./mocha";

const requirements = join(projectRoot, "images", "requirements-dev.txt");

/** Runs the tests of the sample applications with pytest, in a virtual environment kept in the cache. */
export async function runPythonTests(): Promise<Tally> {
  process.stdout.write("\n== python tests of images/\n");
  const folder = mkdtempSync(join(tmpdir(), "somastack-pytest-"));
  const report = join(folder, "report.xml");
  try {
    await ensureProgram("redis-server", "redis-server", "by the tests of images/", (line) => process.stdout.write(`${line}\n`));
    const python = await ensureVenv(requirements);
    const { exitCode } = await execa(python, ["-m", "pytest", "--junitxml", report, "images"], { cwd: projectRoot, reject: false, stdin: "ignore", stdout: "inherit", stderr: "inherit" });
    return countJunit(readFileSync(report, "utf8"), exitCode ?? 1);
  } catch (error) {
    process.stderr.write(`The python tests did not run: ${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Counts of a JUnit report; no test at all, or a run that breaks off, is a failure. */
export function countJunit(report: string, exitCode: number): Tally {
  const count = (name: string): number => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(report)?.[1] ?? 0);
  const failed = count("errors") + count("failures");
  const passed = count("tests") - failed - count("skipped");
  return { passed, failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed };
}

/** Where the environment lies: the tests start servers that root must not run, and other users cannot enter root's home. */
function venvFolder(): string {
  const shared = process.getuid?.() === 0 && cacheDir.startsWith(`${homedir()}/`);
  return join(shared ? "/var/cache/somastack" : cacheDir, "venv");
}

/** The interpreter of a virtual environment with the packages of a requirements file, made anew when the file changes. */
export async function ensureVenv(requirements: string): Promise<string> {
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const venv = join(venvFolder(), digest);
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
