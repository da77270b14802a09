import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A part of a cluster that runs on this machine. */
export interface RunningProcess {
  readonly name: string;
  readonly log: string;
  /** Why it ended; undefined while it runs. */
  readonly ended: string | undefined;
  /** Ends it and waits until it has ended. */
  stop(): Promise<void>;
}

/** Time from SIGTERM to SIGKILL, ms. */
const grace = 5000;

/** Starts a program whose output goes to `NAME.log` in a folder. */
export function startProcess(name: string, command: string, args: readonly string[], folder: string): RunningProcess {
  const log = join(folder, `${name}.log`);
  const output = openSync(log, "a");
  const child = spawn(command, args, { stdio: ["ignore", output, output] });
  let ended: string | undefined;
  child.on("error", (error) => (ended = error.message));
  const exit = new Promise<void>((resolve) => child.on("exit", (code, signal) => {
    ended = `exit code ${code ?? "none"}, signal ${signal ?? "none"}`;
    resolve();
  }));
  return {
    name,
    log,
    get ended() {
      return ended;
    },
    async stop() {
      if (ended !== undefined) return;
      child.kill("SIGTERM");
      const killing = new AbortController();
      await Promise.race([exit, wait(grace, undefined, { signal: killing.signal }).then(() => child.kill("SIGKILL"), () => undefined)]);
      killing.abort();
      await exit;
    },
  };
}
