import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { fingerprint } from "./fingerprint";
import { withLock } from "./lock";
import { cacheDir } from "./paths";
import { reachable } from "./reachable";
import type { Report } from "./report";

/** The npm package `pulumi`, which downloads the CLI of its own version with the language hosts. */
export const distributionVersion = "3.265.0";

/** Answers wherever Pulumi's downloads do. */
export const pulumiSite = "https://get.pulumi.com/install.sh";

const home = join(cacheDir, "pulumi");
const executable = join(home, "versions", distributionVersion, "bin", "pulumi");
const installTimeout = 60_000;
const downloadTimeout = 600_000;

/** An executable that was had, or the reason why not. */
export type Had = { readonly path: string } | { readonly reason: string };

/** The CLI from Pulumi's own distribution: the one downloaded before, else a download. Fails within 4 s where the site does not answer. */
export async function fromDistribution(report: Report): Promise<Had> {
  if (fingerprint(executable) !== undefined) return { path: executable };
  if (!(await reachable(pulumiSite))) return { reason: `${new URL(pulumiSite).host} is not reachable` };
  const lock = join(home, `${distributionVersion}.lock`);
  return withLock(lock, async () => (fingerprint(executable) === undefined ? download(report) : { path: executable }));
}

async function download(report: Report): Promise<Had> {
  const folder = join(home, "npm");
  mkdirSync(folder, { recursive: true });
  report(`Downloading Pulumi ${distributionVersion} with its npm package`);
  const install = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error", `pulumi@${distributionVersion}`];
  const run = [join(folder, "node_modules", "pulumi", "run.js"), "version"];
  const steps = [
    { program: "npm", args: install, timeout: installTimeout },
    { program: process.execPath, args: run, timeout: downloadTimeout },
  ];
  for (const { program, args, timeout } of steps) {
    const result = await execa(program, args, { cwd: folder, env: { PULUMI_HOME: home }, timeout, reject: false, stdin: "ignore", all: true });
    if (result.failed) return { reason: `its npm package failed: ${result.timedOut ? `no end after ${timeout / 1000} s` : (result.all.trim().split("\n").at(-1) ?? result.shortMessage)}` };
  }
  return fingerprint(executable) === undefined ? { reason: "its npm package put no CLI in place" } : { path: executable };
}
