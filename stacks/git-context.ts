import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { ConfigurationError } from "../settings/faults";
import { workDir } from "../toolchain/paths";

/** Whether a build context is a git URL rather than a folder. */
export function isGitUrl(context: string): boolean {
  return /^(https?:\/\/|ssh:\/\/|git@|file:\/\/)/.test(context);
}

/**
 * Fetches the sources of `URL#REF` (the default branch without REF) once per commit into the ignored working folder and gives
 * that folder.
 *
 * @throws ConfigurationError when git cannot fetch it.
 */
export function fetchGitContext(key: string, context: string): string {
  const [url = "", ref = "HEAD"] = context.split("#");
  try {
    const commit = commitOf(url, ref);
    const folder = join(workDir, "sources", createHash("sha256").update(`${url}#${commit}`).digest("hex").slice(0, 16));
    if (existsSync(folder)) return folder;
    const draft = `${folder}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    try {
      git(draft, "init", "--quiet");
      git(draft, "fetch", "--quiet", "--depth", "1", url, ref);
      git(draft, "checkout", "--quiet", "FETCH_HEAD");
      renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    return folder;
  } catch (error) {
    throw new ConfigurationError([
      { key, value: context, rule: `must be a git repository that this machine can fetch (${reason(error)})`, mend: "Correct the URL or #REF, or give a local folder" },
    ]);
  }
}

function commitOf(url: string, ref: string): string {
  if (/^[0-9a-f]{40}$/.test(ref)) return ref;
  const line = git(process.cwd(), "ls-remote", url, ref, `${ref}^{}`).trim().split("\n").at(-1) ?? "";
  const commit = line.split("\t")[0];
  if (commit === undefined || commit === "") throw new Error(`there is no ${ref}`);
  return commit;
}

function git(folder: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, GIT_TERMINAL_PROMPT: "0" } });
}

function reason(error: unknown): string {
  const text = error instanceof Error && "stderr" in error && typeof error.stderr === "string" && error.stderr !== "" ? error.stderr : String(error instanceof Error ? error.message : error);
  return text.trim().split("\n").at(-1) ?? "";
}
