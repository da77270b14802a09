import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { fingerprint, sameFingerprint } from "./fingerprint";
import { buildGo, sourcesKey } from "./go-build";
import { bridge } from "./go-programs";
import type { PulumiInstallation } from "./pulumi";
import { pulumiSite } from "./pulumi-distribution";
import { proxied, reachable } from "./reachable";
import type { Report } from "./report";
import { type PluginDecision, readToolMemory, type ToolMemory, writeToolMemory } from "./tool-memory";
import { ToolchainError } from "./toolchain-error";

/** A resource plugin, in the version of its npm package. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
}

/** A plugin in place. */
export interface InstalledPlugin extends Plugin {
  /** Already there, from its official source, from the mirror, or built here. */
  readonly source: "present" | "pulled" | "mirror" | "modules";
  /** Why this source and no earlier one; for a plugin already there, how it once came. */
  readonly reason: string;
}

/** How plugins are had; for the mirror and for tests. */
export interface PluginOptions {
  /** Address that serves plugins when their official source does not: none by default. */
  readonly server?: string;
  readonly memoryFile?: string;
}

const downloadTimeout = 300_000;
const ways = { pulled: "downloaded from its official source", mirror: "downloaded from the mirror", modules: "built from Go modules" } as const;

/**
 * Puts resource plugins into Pulumi's home: those there stay, the others come from their official source, else from
 * the mirror, else from a bridge built from Go modules. Downloads run at the same time, builds one after the other.
 *
 * @throws ToolchainError that names each way tried for a plugin that cannot be had
 */
export async function ensurePlugins(pulumi: PulumiInstallation, plugins: readonly Plugin[], report: Report, options: PluginOptions = {}): Promise<InstalledPlugin[]> {
  const memory = readToolMemory(options.memoryFile);
  const attempts = await Promise.all(plugins.map(async (plugin) => ({ plugin, had: present(pulumi, plugin, memory) ?? (await download(pulumi, plugin, report, options)) })));
  const installed: InstalledPlugin[] = [];
  for (const { plugin, had } of attempts) {
    const result = "source" in had ? had : await build(pulumi, plugin, had.reason, report);
    if (result.source !== "present") {
      remember(pulumi, result, options.memoryFile);
      report(describePlugin(result));
    }
    installed.push(result);
  }
  return installed;
}

/** One line for the screen: what was taken and why. */
export function describePlugin({ name, version, source, reason }: InstalledPlugin): string {
  const title = `${name} plugin ${version}`;
  if (source === "present") return `${title}: already installed${reason === "" ? "" : `, ${reason}`}`;
  return `${title}: ${ways[source]}${reason === "" ? "" : `, because ${reason}`}`;
}

/** Where Pulumi looks for a plugin's executable. */
export function pluginFile(home: string, { name, version }: Plugin): string {
  return join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
}

/** A plugin that is there; one that was built here counts only while its sources are the same. */
function present(pulumi: PulumiInstallation, plugin: Plugin, memory: ToolMemory): InstalledPlugin | undefined {
  const file = pluginFile(pulumi.home, plugin);
  const found = fingerprint(file);
  if (found === undefined || existsSync(`${join(file, "..")}.partial`)) return undefined;
  const earlier = memory.plugins[file];
  if (earlier === undefined || !sameFingerprint(earlier.installed, found)) return { ...plugin, source: "present", reason: "" };
  if (earlier.source === "modules" && earlier.sources !== sourcesOf(plugin)) return undefined;
  return { ...plugin, source: "present", reason: `${ways[earlier.source]}${earlier.reason === "" ? "" : `, because ${earlier.reason}`}` };
}

async function download(pulumi: PulumiInstallation, plugin: Plugin, report: Report, { server }: PluginOptions): Promise<InstalledPlugin | { reason: string }> {
  const worthTrying = proxied() || (await reachable(pulumiSite));
  const official = worthTrying ? await install(pulumi, plugin, report) : "the official download is not reachable";
  if (official === undefined) return { ...plugin, source: "pulled", reason: "" };
  if (server === undefined) return { reason: official };
  const mirror = await install(pulumi, plugin, report, server);
  return mirror === undefined ? { ...plugin, source: "mirror", reason: official } : { reason: `${official} and ${mirror}` };
}

/** Lets Pulumi install a plugin; resolves to the reason when it cannot. */
async function install(pulumi: PulumiInstallation, { name, version }: Plugin, report: Report, server?: string): Promise<string | undefined> {
  const from = server === undefined ? "its official source" : server;
  report(`Downloading the ${name} plugin ${version} from ${from}`);
  const args = ["plugin", "install", "resource", name, version, ...(server === undefined ? [] : ["--server", server]), "--non-interactive", "--color", "never"];
  const result = await execa(pulumi.bin, args, { env: pulumi.env, timeout: downloadTimeout, reject: false, stdin: "ignore", all: true });
  if (!result.failed) return undefined;
  return `${from} failed (${result.timedOut ? `no end after ${downloadTimeout / 1000} s` : (result.all.trim().split("\n").at(-1) ?? result.shortMessage)})`;
}

async function build(pulumi: PulumiInstallation, plugin: Plugin, reason: string, report: Report): Promise<InstalledPlugin> {
  const program = bridge(plugin.name, plugin.version);
  if (program === undefined) {
    throw new ToolchainError(`the ${plugin.name} plugin ${plugin.version} cannot be had: ${reason}, and no Go module here serves it. Let this machine reach get.pulumi.com, or put the plugin into ${pulumi.home}/plugins.`);
  }
  report(`The ${plugin.name} plugin ${plugin.version} comes from Go modules, because ${reason}`);
  place(await buildGo(program, report), pluginFile(pulumi.home, plugin));
  return { ...plugin, source: "modules", reason };
}

/** Puts a built executable in place in one step, as a link where the cache lies on the same disk. */
function place(built: string, file: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  const draft = `${file}.${process.pid}`;
  try {
    linkSync(built, draft);
  } catch {
    copyFileSync(built, draft);
  }
  renameSync(draft, file);
}

function remember(pulumi: PulumiInstallation, plugin: InstalledPlugin, memoryFile?: string): void {
  const file = pluginFile(pulumi.home, plugin);
  const installed = fingerprint(file);
  if (installed === undefined || plugin.source === "present") return;
  const decision: PluginDecision = { installed, source: plugin.source, reason: plugin.reason };
  if (plugin.source === "modules") decision.sources = sourcesOf(plugin);
  const memory = readToolMemory(memoryFile);
  writeToolMemory({ ...memory, plugins: { ...memory.plugins, [file]: decision } }, memoryFile);
}

function sourcesOf({ name, version }: Plugin): string | undefined {
  const program = bridge(name, version);
  return program === undefined ? undefined : sourcesKey(program);
}
