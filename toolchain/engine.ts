import { existsSync } from "node:fs";
import { execa } from "execa";
import { findEngine, type Engine } from "./engine-client";
import { startDaemon } from "./engine-daemon";
import { canInstallPackages, installPackages, lastLines, onPath } from "./packages";
import type { Report } from "./report";
import { ToolchainError } from "./toolchain-error";

export { ensureCompose, type Compose } from "./compose";

/** The engine that a run uses and how it came to be there. */
export interface EngineInstallation {
  readonly version: string;
  /** `DOCKER_HOST` as it stands, else the path of a socket. */
  readonly socket: string;
  readonly source: "running" | "started" | "installed";
}

/**
 * Makes sure that a Docker engine answers. One that answers is left alone; as root on Debian a missing one is
 * installed and a stopped one is started, after saying so.
 *
 * @throws ToolchainError when no engine answers and this process may not change that, with what to do
 */
export async function ensureEngine(report: Report): Promise<EngineInstallation> {
  const search = await findEngine();
  if (search.engine !== undefined) return installation(search.engine, "running");
  if (process.env["DOCKER_HOST"] !== undefined && process.env["DOCKER_HOST"] !== "") throw new ToolchainError(noAnswer(search.answers, "Start the engine that DOCKER_HOST names, or unset DOCKER_HOST."));
  const installed = onPath("dockerd");
  if (process.getuid?.() !== 0 || (!installed && !canInstallPackages())) throw new ToolchainError(noAnswer(search.answers, mend(installed)));

  if (!installed) {
    report("no Docker engine answers and none is installed: installing Debian's");
    await installPackages(["docker.io", "iptables"], report);
    const afterwards = await findEngine();
    if (afterwards.engine !== undefined) return installation(afterwards.engine, "installed");
  }
  report("the Docker engine is not running: starting it");
  const engine = await (existsSync("/run/systemd/system") ? startService() : startDaemon());
  return installation(engine, installed ? "started" : "installed");
}

/**
 * The engine that answers now.
 *
 * @throws ToolchainError when none does
 */
export async function requireEngine(): Promise<Engine> {
  const search = await findEngine();
  if (search.engine === undefined) throw new ToolchainError(noAnswer(search.answers, mend(onPath("dockerd"))));
  return search.engine;
}

async function startService(): Promise<Engine> {
  const { exitCode, all } = await execa("systemctl", ["start", "docker"], { all: true, reject: false, stdin: "ignore" });
  if (exitCode !== 0) throw new ToolchainError(`systemctl start docker failed:\n${lastLines(all, 5)}\nSee "journalctl -u docker", mend it and run the command again.`);
  return requireEngine();
}

const installation = ({ version, socket }: Engine, source: EngineInstallation["source"]): EngineInstallation => ({ version, socket, source });

const noAnswer = (answers: readonly string[], remedy: string): string => `No Docker engine answers.\n${answers.map((answer) => `  ${answer}`).join("\n")}\n${remedy}`;

function mend(installed: boolean): string {
  if (process.platform !== "linux") return "Start Docker Desktop (or another engine), or set DOCKER_HOST, and run the command again.";
  if (installed) return 'Start it with "sudo systemctl start docker", and make sure that this user is in the group "docker"; then run the command again.';
  return "Install Docker Engine 24 or newer from your distribution or Docker, or run this command as root on Debian, which installs it.";
}
