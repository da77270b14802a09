import { createWriteStream, readdirSync, rmSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../toolchain/paths";
import { CommandError, exitCode } from "../failure";
import { logDir, privateFolder } from "./paths";
import { isDiagnostics, isSummary, Progress } from "./progress";

/** The Pulumi to run, ready to use. */
export interface Pulumi {
  readonly bin: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** How a run of Pulumi ended. */
export interface RunResult {
  readonly code: number;
  /** Absolute path of the full log. */
  readonly log: string;
  readonly interrupted: boolean;
  /** Whether Pulumi ended by itself, its state saved: else the next run has to look for leftovers. */
  readonly ended: boolean;
}

const keptLogs = 20;

/**
 * Runs an update with its progress in short on stdout and all of it in a log file.
 * Ctrl-C reaches Pulumi as one SIGINT, on which it finishes the step at hand and saves its state; a second one aborts it.
 *
 * @param troubles asked, while the update waits, for lines on what keeps it waiting
 */
export async function runUpdate(pulumi: Pulumi, title: string, args: readonly string[], write: (line: string) => void, troubles = async (): Promise<string[]> => []): Promise<RunResult> {
  const log = openLog(title);
  const child = execa(pulumi.bin, [...args, "--non-interactive", "--color", "never"], {
    cwd: projectRoot,
    env: pulumi.environment,
    // A process group of its own, so that the terminal's Ctrl-C does not reach it a second time.
    detached: true,
    cleanup: false,
    reject: false,
    stdin: "ignore",
    all: true,
    buffer: false,
  });
  const signals: NodeJS.Signals[] = [];
  const forward = (signal: NodeJS.Signals): void => {
    if (signals.push(signal) === 1) write(`${signal} received: Pulumi ends the steps at hand and saves its state; once more aborts it.`);
    child.kill(signal === "SIGTERM" ? "SIGINT" : signal);
  };
  process.on("SIGINT", forward).on("SIGTERM", forward);
  try {
    const diagnostics = await show(child.iterable({ from: "all" }), log, write, troubles);
    const result = await child;
    // After a success they repeat what the command itself warns of; the log has them.
    if (result.failed) diagnostics.forEach(write);
    if (result.code === "ENOENT") throw new CommandError(`${pulumi.bin} cannot be started. Run the command again; it looks for Pulumi anew.`);
    const interrupted = signals.length > 0;
    return { code: result.exitCode ?? exitCode.failure, log: String(log.path), interrupted, ended: !interrupted && !result.isTerminated };
  } finally {
    process.off("SIGINT", forward).off("SIGTERM", forward);
    log.end();
  }
}

/** Shows the progress, keeps everything in the log and gives the diagnostics at the end of the output. */
async function show(lines: AsyncIterable<string>, log: WriteStream, write: (line: string) => void, troubles: () => Promise<string[]>): Promise<string[]> {
  const progress = new Progress();
  const diagnostics: string[] = [];
  const tick = async (): Promise<void> => {
    const waiting = progress.waiting();
    if (waiting !== undefined) for (const line of [waiting, ...(await troubles().catch(() => []))]) write(line);
  };
  const timer = setInterval(() => void tick(), 1000);
  let verbatim = false;
  try {
    for await (const line of lines) {
      log.write(`${line}\n`);
      if (isDiagnostics(line)) verbatim = true;
      else if (isSummary(line)) verbatim = false;
      const shown = verbatim ? undefined : progress.line(line);
      if (verbatim) diagnostics.push(line);
      else if (shown !== undefined) write(shown);
    }
  } finally {
    clearInterval(timer);
  }
  return diagnostics;
}

/**
 * Runs a short Pulumi command in a folder.
 *
 * @throws CommandError with Pulumi's own words when it fails.
 */
export async function runQuiet(pulumi: Pulumi, cwd: string, args: readonly string[]): Promise<string> {
  const result = await execa(pulumi.bin, [...args, "--non-interactive", "--color", "never"], { cwd, env: pulumi.environment, reject: false, stdin: "ignore", all: true });
  if (result.failed) throw new CommandError(`pulumi ${args.slice(0, 2).join(" ")} failed: ${result.all.trim() || result.shortMessage}`);
  return result.stdout;
}

function openLog(title: string): WriteStream {
  privateFolder(logDir);
  const logs = readdirSync(logDir).sort();
  for (const old of logs.slice(0, Math.max(0, logs.length - keptLogs + 1))) rmSync(join(logDir, old), { force: true });
  const time = new Date().toISOString().replace(/[:.]/g, "-");
  return createWriteStream(join(logDir, `${time}-${title}.log`), { mode: 0o600 });
}
