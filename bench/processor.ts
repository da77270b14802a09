import { execa } from "execa";

import { projectRoot } from "../toolchain/paths";

/** What a process and all that it started took. */
export interface Taken {
  /** Processor seconds, of user and system. */
  readonly cpu: number;
  /** Seconds by the clock. */
  readonly wall: number;
}

/** Runs a command and measures it; its output is in the error when it fails, and the shell's `times` counts children and theirs. */
export async function measure(command: readonly string[], environment: Readonly<Record<string, string>>): Promise<Taken> {
  const began = performance.now();
  const { stdout } = await execa("bash", ["-c", '"$@" >&2; code=$?; times; exit $code', "bash", ...command], { cwd: projectRoot, env: environment, stdin: "ignore" });
  const wall = (performance.now() - began) / 1000;
  const children = stdout.trim().split("\n").at(-1) ?? "";
  return { cpu: [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0), wall };
}
