import { existsSync } from "node:fs";
import { execa } from "execa";
import { findExecutable } from "./fingerprint";
import type { Report } from "./report";
import { ToolchainError } from "./toolchain-error";

let queue: Promise<unknown> = Promise.resolve();

/** Whether a program of this name is on PATH. */
export function onPath(program: string): boolean {
  return findExecutable(program, process.env["PATH"] ?? "") !== undefined;
}

/** Whether this process may install Debian packages. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get");
}

/**
 * Installs Debian packages, one call after the other.
 *
 * @throws ToolchainError when apt-get fails, with its last lines
 */
export async function installPackages(packages: readonly string[], report: Report): Promise<void> {
  const turn = queue.then(async () => {
    report(`installing ${packages.join(", ")} with apt-get`);
    // In runlevel 1 no package starts its server: what runs on this machine is started by us, or not at all.
    const environment = { env: { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" }, stdin: "ignore", all: true, reject: false } as const;
    const lock = ["-o", "DPkg::Lock::Timeout=300"];
    await execa("apt-get", [...lock, "-q", "update"], environment);
    const { exitCode, all } = await execa("apt-get", [...lock, "-q", "-y", "install", ...packages], environment);
    if (exitCode !== 0) {
      throw new ToolchainError(`apt-get could not install ${packages.join(", ")}:\n${lastLines(all, 5)}\nMend what it says, or install them yourself, and run the command again.`);
    }
  });
  queue = turn.catch(() => undefined);
  await turn;
}

/**
 * Makes sure that a program is there, from its Debian package where this process may install one.
 *
 * @param purpose what it is needed for, for the message
 * @throws ToolchainError when it is missing and cannot be installed
 */
export async function ensureProgram(program: string, debianPackage: string, purpose: string, report: Report): Promise<void> {
  if (onPath(program)) return;
  if (!canInstallPackages()) throw new ToolchainError(`${program} is not on PATH and is needed ${purpose}. Install it (Debian package ${debianPackage}) and run the command again.`);
  await installPackages([debianPackage], report);
}

/** The end of a program's output. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
