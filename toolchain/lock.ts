import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const pollInterval = 250;

/**
 * Runs work while no other process on this machine does so under the same lock file. A lock whose process has ended is
 * taken over.
 *
 * @param file path of the lock; its folder is made when missing
 * @param onWait called once with the holder's process id when the lock is not free
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait: (holder: number) => void = () => undefined): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  for (let holder = acquire(file); holder !== undefined; holder = acquire(file)) {
    if (!told) onWait(holder);
    told = true;
    await wait(pollInterval);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Takes the lock, or returns the living process that holds it. */
function acquire(file: string): number | undefined {
  // A link appears whole, with its content: nobody reads an empty lock.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, file);
    return undefined;
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    const holder = readHolder(file);
    if (holder !== undefined && isAlive(holder)) return holder;
    removeStale(file, holder);
    return acquire(file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Only one of several finders moves a stale lock away; a fresh lock moved by mistake is put back. */
function removeStale(file: string, holder: number | undefined): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readHolder(aside) !== holder) linkSync(aside, file);
  } catch (error) {
    if (!isCode(error, "ENOENT") && !isCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readHolder(file: string): number | undefined {
  try {
    const holder = Number.parseInt(readFileSync(file, "utf8"), 10);
    return Number.isNaN(holder) ? undefined : holder;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
