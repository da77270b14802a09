import { join } from "node:path";

import { execa } from "execa";

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

/** Starts a program whose output goes to `NAME.log` in a folder. It ends with this process, also when a signal ends that. */
export function startProcess(name: string, command: string, args: readonly string[], folder: string): RunningProcess {
  const log = join(folder, `${name}.log`);
  const output = { file: log } as const;
  const child = execa(command, [...args], { stdin: "ignore", stdout: output, stderr: output, buffer: false, forceKillAfterDelay: grace, reject: false });
  let ended: string | undefined;
  const end = child.then(({ exitCode, signal, originalMessage }) => {
    ended = originalMessage ?? `exit code ${exitCode ?? "none"}, signal ${signal ?? "none"}`;
  });
  return {
    name,
    log,
    get ended() {
      return ended;
    },
    async stop() {
      child.kill();
      await end;
    },
  };
}
