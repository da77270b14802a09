import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "tsconfig.json"))) return folder;
    if (folder === dirname(folder)) throw new Error(`no project folder above ${start}`);
  }
}

/** The checkout this code was compiled in. */
export const projectRoot: string = findRoot(__dirname);

/** The checkout's ignored working folder: state, passphrase, decisions of the toolchain. */
export const workDir: string = join(projectRoot, ".somastack");

/** What survives checkouts: built tools. `$SOMASTACK_CACHE`, else `somastack` in the user's cache folder. */
export const cacheDir: string = process.env["SOMASTACK_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "somastack");
