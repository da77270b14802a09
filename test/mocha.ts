import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { projectRoot } from "../toolchain/paths";

/** Counted results of a part of the tests. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const report = z.looseObject({ stats: z.looseObject({ passes: z.number(), failures: z.number() }) });

/**
 * Runs compiled mocha suites in a process of their own, with their output on our terminal.
 * No test at all, or a run that breaks off, counts as a failure.
 *
 * @param options further options of mocha
 */
export async function runMocha(title: string, files: string[], options: string[] = []): Promise<Tally> {
  process.stdout.write(`\n== ${title}\n`);
  const folder = mkdtempSync(join(tmpdir(), "somastack-mocha-"));
  const output = join(folder, "report.json");
  try {
    const { exitCode } = await execa("mocha", ["--reporter", join(__dirname, "reporter.js"), "--reporter-option", `output=${output}`, ...options, ...files], {
      cwd: projectRoot, preferLocal: true, reject: false, stdin: "ignore", stdout: "inherit", stderr: "inherit",
    });
    const { passes, failures } = report.parse(JSON.parse(readFileSync(output, "utf8"))).stats;
    const broken = exitCode !== 0 && failures === 0;
    return { passed: passes, failed: broken || passes + failures === 0 ? failures + 1 : failures };
  } catch (error) {
    process.stderr.write(`${title} did not run to their end: ${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
