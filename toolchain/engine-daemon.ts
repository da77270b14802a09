import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findEngine, type Engine } from "./engine-client";
import { lastLines } from "./packages";
import { workDir } from "./paths";
import { ToolchainError } from "./toolchain-error";

/** Log of an engine that was started without an init system. Its process id is in /var/run/docker.pid. */
export const daemonLog: string = join(workDir, "dockerd.log");

/** How long an engine may take to answer, ms. */
const patience = 60_000;

/**
 * Starts the engine by hand, as a process of its own that outlives this one, and waits until it answers.
 *
 * @throws ToolchainError when it ends or stays silent for a minute, with the last lines of its log
 */
export async function startDaemon(): Promise<Engine> {
  mkdirSync(dirname(daemonLog), { recursive: true });
  const log = openSync(daemonLog, "a");
  const daemon = spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log] });
  let ended: string | undefined;
  daemon.on("error", (error) => (ended = error.message));
  daemon.on("exit", (code) => (ended = `it ended with exit code ${code ?? "none"}`));
  daemon.unref();

  const start = performance.now();
  for (let pause = 50; performance.now() - start < patience; pause = Math.min(pause * 2, 1000)) {
    await wait(pause);
    const { engine } = await findEngine();
    if (engine !== undefined) return engine;
    if (ended !== undefined) break;
  }
  throw new ToolchainError(`The Docker engine does not start: ${ended ?? "it says nothing"}.\n${lastLines(readFileSync(daemonLog, "utf8"), 6)}\nThe whole log is in ${daemonLog}; mend what it says and run the command again.`);
}
