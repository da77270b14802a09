import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";

import { execa } from "execa";

import { projectRoot } from "../../toolchain/paths";

/** What a copy of the project does without. */
const left = new Set([".git", ".somastack", ".env", "node_modules"]);

/** Takes the place of npm: the compiled command of the copy, without a look for what is outdated. */
const npm = `#!/bin/sh
shift
[ "$1" = --silent ] && shift
script=$1
shift
[ "$1" = -- ] && shift
[ "$script" = somastack ] || set -- "$script" "$@"
exec "${process.execPath}" bin/cli/main.js "$@"
`;

/** A copy of the project that commands may change, with its compiled program. */
export class Sandbox {
  private readonly top = mkdtempSync(join(tmpdir(), "somastack-sandbox-"));
  readonly folder = join(this.top, "somastack");

  /** Copies sources and compiled program; their times stay, so that a compiler compiles what is changed alone. */
  create(): void {
    cpSync(projectRoot, this.folder, { recursive: true, preserveTimestamps: true, filter: (source) => dirname(source) !== projectRoot || !left.has(basename(source)) });
    symlinkSync(join(projectRoot, "node_modules"), join(this.folder, "node_modules"));
    mkdirSync(join(this.top, "bin"));
    writeFileSync(join(this.top, "bin", "npm"), npm);
    chmodSync(join(this.top, "bin", "npm"), 0o755);
  }

  /** Runs a shell text in the copy; the key stands in for the one that an operator has set before: a plan asks nobody. */
  run(script: string) {
    return execa("bash", ["-euo", "pipefail", "-c", script], {
      cwd: this.folder, all: true, reject: false, stdin: "ignore",
      env: { PATH: [join(this.top, "bin"), process.env["PATH"]].join(delimiter), OPENAI_API_KEY: "stands-in-for-the-key" },
    });
  }

  /** Writes a file of the copy. */
  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /** Changes files of the copy; a change whose surroundings are not there is an error. */
  async patch(text: string): Promise<void> {
    await execa("git", ["apply", "-"], { cwd: this.folder, input: text, env: { GIT_CEILING_DIRECTORIES: this.top } });
  }

  /** Compiles what has changed; an error of the compiler is an error. */
  async compile(): Promise<void> {
    await execa(process.execPath, [join(projectRoot, "node_modules", "typescript", "bin", "tsc"), "--build"], { cwd: this.folder });
  }

  remove(): void {
    rmSync(this.top, { recursive: true });
  }
}
