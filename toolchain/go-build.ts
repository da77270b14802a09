import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { execa } from "execa";
import { fingerprint } from "./fingerprint";
import type { GoProgram } from "./go-programs";
import { withLock } from "./lock";
import { cacheDir, projectRoot } from "./paths";
import type { Report } from "./report";
import { ToolchainError } from "./toolchain-error";

const progressInterval = 10_000;
const shownLines = 15;

/** Where builds come from and go to; for tests. */
export interface GoFolders {
  /** Folder that holds the modules. */
  readonly sources: string;
  readonly cache: string;
}

const folders: GoFolders = { sources: join(projectRoot, "toolchain", "go"), cache: join(cacheDir, "go") };

/** A hash of all that a program is built from in this checkout: its module's files, package, tags and version. */
export function sourcesKey(program: GoProgram, { sources }: GoFolders = folders): string {
  const root = join(sources, program.module);
  const hash = createHash("sha256").update(JSON.stringify(program));
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`\n${relative(root, file)} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/**
 * Builds a program from its Go module, or takes the one built before from the same sources by the same Go for the
 * same platform. Two processes never build the same program at once.
 *
 * @returns path of the executable in the cache
 * @throws ToolchainError when Go is missing or the build fails, with the compiler's last lines
 */
export async function buildGo(program: GoProgram, report: Report, where: GoFolders = folders): Promise<string> {
  const module = join(where.sources, program.module);
  const compiler = await goVersion(program, module);
  const key = createHash("sha256").update(`${sourcesKey(program, where)} ${compiler}`).digest("hex").slice(0, 16);
  const target = join(where.cache, `${program.name}-${key}`, program.name);
  if (fingerprint(target) !== undefined) return target;
  const waiting = (holder: number): void => report(`Waiting for process ${holder}, which builds ${program.name}`);
  return withLock(
    join(where.cache, `${program.name}.lock`),
    async () => {
      if (fingerprint(target) === undefined) await compile(program, module, target, report);
      return target;
    },
    waiting,
  );
}

/** Go's version and platform, as the module's own settings have them. */
async function goVersion(program: GoProgram, module: string): Promise<string> {
  const result = await execa("go", ["env", "GOVERSION", "GOOS", "GOARCH"], { cwd: module, env: goEnvironment, reject: false, stdin: "ignore" });
  if (!result.failed) return result.stdout.replaceAll("\n", " ");
  const cause = result.code === "ENOENT" ? "there is no `go` on PATH" : result.stderr.trim() || result.shortMessage;
  const { minimum } = /^go (?<minimum>\S+)/m.exec(readFileSync(join(module, "go.mod"), "utf8"))?.groups ?? {};
  throw new ToolchainError(`${program.name} ${program.version} cannot be built from its Go module: ${cause}. Install Go ${minimum ?? ""} or newer, or let this machine reach get.pulumi.com.`);
}

const goEnvironment = { CGO_ENABLED: "0", GOWORK: "off" };

async function compile(program: GoProgram, module: string, target: string, report: Report): Promise<void> {
  const title = `${program.name} ${program.version}`;
  const draft = `${dirname(target)}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  report(`Building ${title} from its Go module (once, minutes when nothing is cached)`);
  const start = Date.now();
  const elapsed = (): string => `${Math.round((Date.now() - start) / 1000)} s`;
  const progress = setInterval(() => report(`Building ${title} from its Go module, ${elapsed()} so far`), progressInterval);
  try {
    const flags = ["-trimpath", `-ldflags=-s -w -X ${program.versionVariable}=${program.version}`, ...(program.tags === undefined ? [] : [`-tags=${program.tags.join(",")}`])];
    const result = await execa("go", ["build", ...flags, "-o", join(draft, program.name), program.package], { cwd: module, env: goEnvironment, reject: false, stdin: "ignore", all: true });
    if (result.failed) {
      const lines = (result.all || (result.shortMessage ?? "")).trimEnd().split("\n").slice(-shownLines).join("\n");
      throw new ToolchainError(`${title} cannot be built from its Go module toolchain/go/${program.module}; go build ended with:\n${lines}\nCheck that Go modules can be downloaded, then run the command again.`);
    }
    rmSync(dirname(target), { recursive: true, force: true });
    renameSync(draft, dirname(target));
    report(`Built ${title} in ${elapsed()}`);
  } finally {
    clearInterval(progress);
    rmSync(draft, { recursive: true, force: true });
  }
}
