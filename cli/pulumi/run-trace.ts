import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { lockDir, runFile } from "./paths";

const trace = z.object({ pid: z.number(), startedAt: z.number() });
const lock = z.looseObject({ pid: z.number() });

/** A run that was killed: what it made since then may be known to nobody. */
export interface Interrupted {
  /** Seconds since the epoch. */
  readonly startedAt: number;
}

/** What earlier runs left behind for a stack. */
export interface Traces {
  readonly interrupted?: Interrupted;
  /** Process ids of runs that are at work now. */
  readonly holders: readonly number[];
  /** Locks of processes that are gone. */
  readonly staleLocks: number;
}

/** Notes that a run of this process starts; {@link endRun} removes the note. */
export function beginRun(stack: string): void {
  writeFileSync(runFile(stack), JSON.stringify({ pid: process.pid, startedAt: Math.floor(Date.now() / 1000) }), { mode: 0o600 });
}

/** Removes the note of {@link beginRun}. */
export function endRun(stack: string): void {
  rmSync(runFile(stack), { force: true });
}

/** Looks for locks and for notes of runs that were killed. */
export function readTraces(stack: string, isAlive: (pid: number) => boolean = isRunAlive): Traces {
  const holders: number[] = [];
  let staleLocks = 0;
  for (const pid of lockPids(stack)) {
    if (pid !== undefined && isAlive(pid)) holders.push(pid);
    else staleLocks += 1;
  }
  const note = readJson(runFile(stack), trace);
  if (note !== undefined && isAlive(note.pid)) holders.push(note.pid);
  const interrupted = note !== undefined && holders.length === 0 ? { interrupted: { startedAt: note.startedAt } } : {};
  return { ...interrupted, holders, staleLocks };
}

function lockPids(stack: string): (number | undefined)[] {
  const folder = lockDir(stack);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => readJson(join(folder, name), lock)?.pid);
}

/** Whether a process lives and is a run of ours: the number of a dead one may have been given to another program. */
export function isRunAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  try {
    return /pulumi|somastack|bootstrap\.mjs|cli\/main/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    // No /proc (macOS): a process with the number lives, that has to do.
    return true;
  }
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
