import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { workDir } from "../../toolchain/paths";

/** Name of the project in Pulumi.yaml; stacks of the file backend lie below it. */
export const projectName = "somastack";

/** Folder of the file backend. */
export const backendDir = join(workDir, "state");

/** The passphrase of the stacks' secrets, generated once. */
export const passphraseFile = join(workDir, "passphrase");

/** A project without a program, whose stack files are the effective configuration: the tracked files stay as they are. */
export const configDir = join(workDir, "config");

/** Full logs of the runs. */
export const logDir = join(workDir, "logs");

/** Snapshot of a stack in the file backend. */
export const snapshotFile = (stack: string): string => join(backendDir, ".pulumi", "stacks", projectName, `${stack}.json`);

/** Folder of a stack's locks in the file backend. */
export const lockDir = (stack: string): string => join(backendDir, ".pulumi", "locks", "organization", projectName, stack);

/** Trace of a run at work: there after the run has ended only when it was killed. */
export const runFile = (stack: string): string => join(workDir, `run-${stack}.json`);

/** Makes a folder that only its owner may read. */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}
