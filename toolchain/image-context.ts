import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ToolchainError } from "./toolchain-error";
import { buildGo } from "./go-build";
import { imageFolder } from "./image-key";
import type { ModuleFile, Recipe } from "./image-recipes";
import { Limit } from "./limit";
import { ensureProgram, lastLines } from "./packages";
import { projectRoot } from "./paths";
import type { Report } from "./report";

/** One compiler at a time: it fills the machine by itself, and the Pulumi tools may be built beside it. */
const compiler = new Limit(1);

/**
 * Fills a folder with what an image is built from: its own files, and by the lock files among them what npm
 * (`package-lock.json`), Maven (`pom.xml`) and Go fetch on this machine. A wheel is the Dockerfile's own work.
 *
 * @throws ToolchainError when a client fails or a file differs from SHA256SUMS
 */
export async function assembleContext(recipe: Recipe, folder: string, report: Report): Promise<void> {
  cpSync(imageFolder(recipe), folder, { recursive: true });
  if (existsSync(join(folder, "package-lock.json"))) {
    report(`${recipe.name}: fetching with npm`);
    await client(recipe, "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder);
  }
  if (existsSync(join(folder, "pom.xml"))) {
    await ensureProgram("mvn", "maven", `to fetch ${recipe.description}`, report);
    report(`${recipe.name}: fetching with Maven`);
    await client(recipe, "mvn", ["-B", "-q", "--strict-checksums", "dependency:copy-dependencies", "-DoutputDirectory=jars"], folder);
    verify(join(folder, "jars"), join(folder, "SHA256SUMS"));
  }
  for (const program of recipe.go ?? []) {
    const built = await compiler.run(() => buildGo(program, report));
    mkdirSync(join(folder, "bin"), { recursive: true });
    cpSync(built, join(folder, "bin", program.name));
  }
  for (const [target, file] of Object.entries(recipe.moduleFiles ?? {})) await copyFromModule(file, join(folder, target));
}

async function copyFromModule({ folder, module, path }: ModuleFile, target: string): Promise<void> {
  const { exitCode, stdout, stderr } = await execa("go", ["list", "-m", "-f", "{{.Dir}}", module], { cwd: join(projectRoot, "toolchain", "go", folder), reject: false, stdin: "ignore" });
  if (exitCode !== 0) throw new ToolchainError(`go could not find the module ${module}:\n${lastLines(stderr, 5)}`);
  cpSync(join(stdout, path), target, { recursive: true });
}

async function client(recipe: Recipe, program: string, args: string[], folder: string): Promise<void> {
  const { exitCode, all } = await execa(program, args, { cwd: folder, all: true, reject: false, stdin: "ignore" });
  if (exitCode !== 0) throw new ToolchainError(`${program} could not fetch ${recipe.description}:\n${lastLines(all, 5)}`);
}

/** Compares files with a list of SHA-256 sums, as sha256sum writes it. */
export function verify(folder: string, list: string): void {
  for (const line of readFileSync(list, "utf8").trimEnd().split("\n")) {
    const [sum = "", name = ""] = line.split(/\s+/);
    const file = join(folder, name);
    const actual = existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : "no such file";
    if (actual !== sum) throw new ToolchainError(`${name}: its SHA-256 should be ${sum} and is ${actual}. Remove it from the client's cache and run the command again.`);
  }
}
