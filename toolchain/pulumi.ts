import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { type Fingerprint, findExecutable, fingerprint, sameFingerprint } from "./fingerprint";
import { buildGo, sourcesKey } from "./go-build";
import { languageFront, languageHost, pulumiCli } from "./go-programs";
import { assembleCli } from "./pulumi-assembly";
import { cacheDir, workDir } from "./paths";
import { distributionVersion, fromDistribution } from "./pulumi-distribution";
import type { Report } from "./report";
import { type PulumiDecision, readToolMemory, writeToolMemory } from "./tool-memory";
import { atLeast } from "./versions";

/** The oldest Pulumi on PATH that is taken. */
export const minimumPulumi = "3.200.0";

/** The Pulumi to run. */
export interface PulumiInstallation {
  /** Absolute path of the CLI. */
  readonly bin: string;
  readonly version: string;
  /** The user's own, Pulumi's own distribution, or built here. */
  readonly source: "path" | "npm" | "modules";
  /** Why this source and no earlier one. */
  readonly reason: string;
  /** Where plugins and credentials lie. */
  readonly home: string;
  /** Variables that a run needs beside the process's own. */
  readonly env: Record<string, string>;
}

/** What the choice depends on; for tests. */
export interface PulumiWorld {
  readonly searchPath: string;
  readonly memoryFile?: string;
}

/**
 * Brings Pulumi with its Node language host onto the machine: the one on PATH when it is new enough, else Pulumi's own
 * distribution, else one built from Go modules. What was decided holds as long as its files are the same.
 *
 * @throws ToolchainError when it cannot be had by any way
 */
export async function ensurePulumi(report: Report, world: PulumiWorld = { searchPath: process.env["PATH"] ?? "" }): Promise<PulumiInstallation> {
  const onPath = findExecutable("pulumi", world.searchPath, cacheDir);
  const { pulumi: earlier } = readToolMemory(world.memoryFile);
  if (earlier !== undefined && holds(earlier, onPath)) return installation(earlier, world.searchPath);
  const decision = await decide(onPath, world.searchPath, report);
  writeToolMemory({ ...readToolMemory(world.memoryFile), pulumi: decision }, world.memoryFile);
  const chosen = installation(decision, world.searchPath);
  report(describePulumi(chosen));
  return chosen;
}

/** One line for the screen: what was taken and why. */
export function describePulumi({ version, source, reason }: PulumiInstallation): string {
  const ways = { path: "from PATH", npm: "from Pulumi's own distribution", modules: "built from Go modules" } as const;
  return `Pulumi ${version}: ${ways[source]}${reason === "" ? "" : `, because ${reason}`}`;
}

/** Whether an earlier decision is still true. */
export function holds(decision: PulumiDecision, onPath: Fingerprint | undefined): boolean {
  return (
    sameFingerprint(decision.onPath, onPath) &&
    sameFingerprint(decision.chosen, fingerprint(decision.chosen.path)) &&
    decision.folders.every((folder) => existsSync(folder)) &&
    decision.sources === (decision.source === "modules" ? moduleSources() : undefined)
  );
}

async function decide(onPath: Fingerprint | undefined, searchPath: string, report: Report): Promise<PulumiDecision> {
  const seen = onPath === undefined ? {} : { onPath };
  const own = await fromPath(onPath, searchPath);
  if ("version" in own) return { ...seen, chosen: own.chosen, version: own.version, source: "path", reason: "", folders: [] };

  const distribution = await fromDistribution(report);
  if ("path" in distribution) {
    const { path } = distribution;
    return { ...seen, chosen: seenAt(path), version: distributionVersion, source: "npm", reason: own.reason, folders: [dirname(path)] };
  }

  const reason = `${own.reason} and ${distribution.reason}`;
  report(`Pulumi comes from its Go modules, because ${reason}`);
  const host = await buildGo(languageHost, report);
  const front = await buildGo(languageFront, report);
  const cli = await buildGo(pulumiCli, report);
  const version = pulumiCli.version.slice(1);
  return { ...seen, chosen: seenAt(assembleCli(cli, host, front)), version, source: "modules", reason, folders: [dirname(cli), dirname(host), dirname(front)], sources: moduleSources() };
}

async function fromPath(onPath: Fingerprint | undefined, searchPath: string): Promise<{ chosen: Fingerprint; version: string } | { reason: string }> {
  if (onPath === undefined) return { reason: "there is no pulumi on PATH" };
  const result = await execa(onPath.path, ["version"], { env: { PULUMI_SKIP_UPDATE_CHECK: "true" }, timeout: 5000, reject: false, stdin: "ignore" });
  const version = result.failed ? "" : result.stdout.trim().replace(/^v/, "");
  if (!atLeast(version, minimumPulumi)) return { reason: `${onPath.path} ${version === "" ? "does not tell its version" : `is ${version}, older than ${minimumPulumi}`}` };
  const beside = join(dirname(realpathSync(onPath.path)), languageHost.name);
  if (fingerprint(beside) === undefined && findExecutable(languageHost.name, searchPath) === undefined) return { reason: `${onPath.path} has no ${languageHost.name} beside it` };
  return { chosen: onPath, version };
}

function installation(decision: PulumiDecision, searchPath: string): PulumiInstallation {
  const { chosen, version, source, reason, folders } = decision;
  const given = process.env["PULUMI_HOME"];
  const own = source === "path" ? join(homedir(), ".pulumi") : join(workDir, "pulumi");
  const env: Record<string, string> = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  // The executable's own folder comes first: its language host is the one that Pulumi expects there.
  if (folders.length > 0) env["PATH"] = [...new Set([dirname(chosen.path), ...folders]), searchPath].join(delimiter);
  if (given === undefined && source !== "path") env["PULUMI_HOME"] = own;
  // Without Pulumi's site a missing plugin is an error at once, not after five attempts.
  if (source === "modules") env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true";
  return { bin: chosen.path, version, source, reason, home: given ?? own, env };
}

function moduleSources(): string {
  return [pulumiCli, languageHost, languageFront].map((program) => sourcesKey(program)).join(" ");
}

function seenAt(path: string): Fingerprint {
  const found = fingerprint(path);
  if (found === undefined) throw new Error(`${path} is gone right after it was put in place`);
  return found;
}
